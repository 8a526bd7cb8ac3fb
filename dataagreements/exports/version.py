"""Telling whether an answer of ws17 would be another one, in a tenth of the time that it takes to write it.

All columns that it is made of go into one hash as the tables hold them: what is sealed stays sealed. The columns are
those that `people` reads, so that none can be forgotten.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from accounts.models import ContactRelation
from institutions.models import Group, MembershipGroup, MembershipKind
from unilogin_portal.lib import crypto

from ..packages import Field
from . import people
from .filters import Filters
from .release import Release
from .snapshot import snapshot
from .terms import Terms

_CONTEXT = "export.version"
_GROUP = ("group_id", "source", "name", "type", "level", "line", "from_date", "to_date")
_SERIES = ("source", "last_source_time", "school_year")


def variant_of(release: Release, filters: Filters) -> str:
    """Return what tells apart the answers that one agreement has: package, fields and filters, as a keyed hash."""
    asked = (
        *(release.package.value, sorted(release.fields), sorted(filters.levels), filters.include_students),
        *(filters.include_employees, filters.include_externals, filters.include_contacts, filters.include_cpr),
    )
    return crypto.fingerprint(repr(asked), _CONTEXT)


def version_of(release: Release, filters: Filters) -> str:
    """Return a keyed hash of all that the answer would be made of, but for the moment that it names."""
    institution, terms = release.institution, Terms.of(release, filters)
    told = hashlib.sha256(repr((institution.number, institution.name, release.package.value)).encode())
    exported = people.memberships(institution, filters)
    keys = exported.values("pk")
    persons = [f"person__{name}" for name in sorted(terms.columns)]
    with snapshot():
        _tell(told, people.sources(institution, exported).values_list(*_SERIES))
        _tell(told, Group.objects.filter(institution=institution, ended_at=None).order_by("pk").values_list(*_GROUP))
        _tell(told, exported.order_by("pk").values_list("pk", "person__user__uniid", *people.TIE, *persons))
        places = MembershipGroup.objects.filter(membership__in=keys, group__ended_at=None).order_by("pk")
        _tell(told, places.values_list("membership_id", "group__group_id"))
        if Field.CONTACTS in terms.fields:
            _tell(told, _contacts(institution.number, exported, terms))
    return crypto.fingerprint(told.hexdigest(), _CONTEXT)


def _contacts(number: str, exported: Any, terms: Terms) -> Iterable[tuple[Any, ...]]:
    children = exported.filter(kind=MembershipKind.STUDENT).values("person")
    columns = [f"contact__{name}" for name in sorted(terms.columns)]
    rows = ContactRelation.objects.current().filter(institution=number, child__in=children).order_by("pk")
    return rows.values_list("pk", "contact__user__uniid", *people.RELATION, *columns)


def _tell(told: Any, rows: Any) -> None:
    """Take rows into the hash, some hundreds at a time."""
    for row in rows.iterator(chunk_size=people.AT_ONCE):
        told.update(repr([bytes(one) if isinstance(one, memoryview) else one for one in row]).encode())
    told.update(b"\n")
