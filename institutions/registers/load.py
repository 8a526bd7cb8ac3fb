"""An extract from its file to the table, in one transaction: all of it that is good, or nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts import audit
from unilogin_portal.lib import bulk

from ..models import Institution, Municipality, Register, RegisterRun
from ..municipalities import MUNICIPALITIES
from . import daycare, schools
from .extract import Record, read_bytes, records
from .plan import HeldInstitution, RegisterPlan, plan
from .rows import STORED, Listed, RegisterIssue, RowFault


class _Format(NamedTuple):
    columns: tuple[str, ...]
    listed: Callable[[Record], Listed]
    number_of: Callable[[Record], str]


_FORMATS: dict[Register, _Format] = {
    Register.SCHOOLS: _Format(schools.COLUMNS, schools.listed, schools.number_of),
    Register.DAY_CARE: _Format(daycare.COLUMNS, daycare.listed, daycare.number_of),
}
_FIELDS = (*STORED, "parent_id", "municipality_id", "location_municipality_id", "closed_on", "updated_at")


@dataclass(frozen=True)
class Loaded:
    """What became of an extract, in rows."""

    rows: int
    created: int
    updated: int
    unchanged: int
    issues: tuple[RegisterIssue, ...]


def load_extract(register: Register, path: Path) -> Loaded:
    """Load a register's extract. Raises `ExtractRejected`, and then nothing has changed.

    A row that breaks a rule is left out and told of in `issues`; the institution stays as it was. The 98
    municipalities are made on the way (D5.6).
    """
    data = read_bytes(path)
    form = _FORMATS[register]
    rows: list[Listed] = []
    issues: list[RegisterIssue] = []
    for record in records(data, form.columns):
        try:
            rows.append(form.listed(record))
        except RowFault as fault:
            issues.append(RegisterIssue(record.line, form.number_of(record)[:6], fault.code))
    with transaction.atomic():
        _make_municipalities()
        changes = plan(rows, _held(), timezone.localdate())
        _apply(changes)
        told = sorted([*issues, *changes.issues])
        loaded = Loaded(len(rows) + len(issues), len(changes.new), len(changes.changed), changes.unchanged, tuple(told))
        _record(register, path, data, loaded)
    return loaded


def _make_municipalities() -> None:
    held = dict(Municipality.objects.values_list("code", "name"))
    missing = [Municipality(code=code, name=name) for code, name in MUNICIPALITIES.items() if code not in held]
    Municipality.objects.bulk_create(missing)


def _held() -> dict[str, HeldInstitution]:
    columns = (*STORED, "municipality_id", "location_municipality_id", "closed_on")
    held = {}
    for pk, number, parent, *values in Institution.objects.select_for_update(of=("self",)).values_list(
        "pk", "number", "parent__number", *columns
    ):
        stored = {name.removesuffix("_id"): value for name, value in zip(columns, values, strict=True)}
        for name in ("municipality", "location_municipality"):
            stored[name] = stored[name] or ""
        held[number] = HeldInstitution(pk, stored | {"parent": parent or ""})
    return held


def _apply(changes: RegisterPlan) -> None:
    numbers = [number for number, _ in changes.new]
    [reserved] = bulk.reserve_ids([(Institution, len(numbers))])
    ids = dict(zip(numbers, reserved, strict=True))
    ids = dict(Institution.objects.values_list("number", "pk")) | ids
    now = timezone.now()

    def stored(values: dict[str, Any]) -> tuple[Any, ...]:
        parent, *codes = (values[name] or None for name in ("parent", "municipality", "location_municipality"))
        return (*(values[name] for name in STORED), ids[parent] if parent else None, *codes, values["closed_on"], now)

    bulk.insert(
        Institution,
        ("id", "number", *_FIELDS),
        ((ids[number], number, *stored(values)) for number, values in changes.new),
    )
    bulk.update(Institution, _FIELDS, ((pk, *stored(values)) for pk, values in changes.changed))


def _record(register: Register, path: Path, data: bytes, loaded: Loaded) -> None:
    counts = {"rows": loaded.rows, "created": loaded.created, "updated": loaded.updated, "unchanged": loaded.unchanged}
    run = RegisterRun.objects.create(
        register=register,
        source_name=path.name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        counts=counts,
        issues=[{"line": issue.line, "number": issue.number, "code": issue.code.value} for issue in loaded.issues],
    )
    audit.record("register.loaded", run, by=None, counts=counts)
