"""What the tests of registers and imports share."""

import hashlib
import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import ContactRelation, Person, User
from institutions.importing.report import RunReport
from institutions.importing.run import import_delivery
from institutions.importing.sources import Delivery
from institutions.models import (
    Group,
    Institution,
    InstitutionKind,
    InstitutionLevel,
    Membership,
    MembershipGroup,
    Municipality,
)

from .deliveries import DAY_CARE, OTHER_SCHOOL, SCHOOL

SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"
# Everything that a delivery is about; runs, series and audit tell of the loading itself.
PEOPLE_TABLES = (Institution, Person, User, Group, Membership, MembershipGroup, ContactRelation)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The sample data beside the repository."""
    if not SHARED.is_dir():
        absence = "the sample data are not there: ../shared/data beside the repository"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(absence)
        pytest.skip(absence)
    return SHARED


@pytest.fixture
def registers(db: None, shared: Path) -> Path:
    """Both whole registers, loaded; returns the folder of sample data."""
    for register in ("institutionsregister", "dagtilbudsregister"):
        call_command("import_register", register, str(shared / "register" / f"{register}.csv"), stdout=StringIO())
    return shared


@pytest.fixture
def institutions(db: None) -> dict[str, Institution]:
    """Three open institutions that people can belong to, by number."""
    return make_institutions()


def make_institutions() -> dict[str, Institution]:
    municipality, _ = Municipality.objects.get_or_create(code="0101", defaults={"name": "København"})
    kinds = {
        SCHOOL: (InstitutionKind.SCHOOL, InstitutionLevel.SCHOOL),
        OTHER_SCHOOL: (InstitutionKind.SCHOOL, InstitutionLevel.SCHOOL),
        DAY_CARE: (InstitutionKind.DAY_CARE, InstitutionLevel.UNIT),
    }
    return {
        number: Institution.objects.create(
            number=number, name=f"Institution {number}", kind=kind, level=level, municipality=municipality
        )
        for number, (kind, level) in kinds.items()
    }


@pytest.fixture
def load(institutions: dict[str, Institution]) -> Callable[[bytes], RunReport]:
    """Import a delivery's bytes."""
    return load_bytes


def load_bytes(data: bytes, *, name: str = "delivery.xml", dry_run: bool = False) -> RunReport:
    return import_delivery(Delivery.of(name, data), dry_run=dry_run)


def issues_of(report: RunReport) -> list[tuple[int, str, str]]:
    return [(issue.line, issue.local_id, issue.code.value) for issue in report.issues]


def content(*models: Any, leaving: tuple[str, ...] = ()) -> str:
    """Return a hash of all rows of these tables, by default of all that deliveries are about."""
    digest = hashlib.sha256()
    for model in models or PEOPLE_TABLES:
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in leaving]
        for row in model.objects.order_by("pk").values_list(*names):
            plain = [bytes(value).hex() if isinstance(value, bytes | memoryview) else value for value in row]
            digest.update(json.dumps([model.__name__, *plain], cls=DjangoJSONEncoder).encode())
    return digest.hexdigest()


def run_command(name: str, *arguments: str) -> tuple[int, str, str]:
    """Run a management command as from a shell: return exit code, standard output and standard error."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(name, *arguments, stdout=out, stderr=err)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    except Exception as error:
        code = getattr(error, "returncode", 1)
        err.write(str(error))
    return code, out.getvalue(), err.getvalue()
