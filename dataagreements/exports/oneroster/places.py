"""Orgs: where the people belong.

A released institution is an org of type `school`, day care too: the vocabulary has no other word for a place
where learning happens. `sourcedId` and `identifier` are its number. Its municipality is an org of type `district`,
`kommune-0101`, with the released institutions as children; it is there when one of them is. Departments stand beside
their school, not below it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value, When

from institutions.models import Institution, Municipality

from . import mapping
from .columns import Column, Kind, constant, text
from .expressions import Among, joined
from .facts import org_modified
from .mapping import DISTRICT, SCHOOL, district_id, written
from .resources import BASE, STATUS, Attribute, Branch, Item, Key, Links, Resource, ref, some, word
from .resources import text as text_schema
from .scope import Scope

_DISTRICT, _SCHOOL = range(2)  # the branches of orgs


def institutions(scope: Scope) -> QuerySet[Institution]:
    return Institution.objects.filter(Among("pk", scope.ids))


def _municipalities(scope: Scope) -> QuerySet[Municipality]:
    return Municipality.objects.filter(Exists(institutions(scope).filter(municipality=OuterRef("pk"))))


def _district_modified(scope: Scope) -> Subquery:
    there = institutions(scope).filter(municipality=OuterRef("pk")).annotate(the_moment=org_modified())
    return Subquery(there.order_by("-the_moment").values("the_moment")[:1])


def _parent() -> Case:
    parent = joined(Value(district_id("")), "municipality_id")
    return Case(When(municipality=None, then=Value("")), default=parent, output_field=TextField())


_DISTRICT_COLUMNS = {
    "sourcedId": Column(lambda _: joined(Value(district_id("")), "code")),
    "status": STATUS,
    "dateLastModified": Column(_district_modified, Kind.MOMENT),
    "name": text("name"),
    "type": constant(DISTRICT),
    "identifier": text("code"),
    "parent.sourcedId": constant(""),
}
_SCHOOL_COLUMNS = {
    "sourcedId": text("number"),
    "status": STATUS,
    "dateLastModified": Column(lambda _: org_modified(), Kind.MOMENT),
    "name": text("name"),
    "type": constant(SCHOOL),
    "identifier": text("number"),
    "parent.sourcedId": Column(lambda _: _parent()),
}


def _orgs(keys: Sequence[Key], scope: Scope, links: Links) -> list[Item]:
    codes = [key for branch, key in keys if branch == _DISTRICT]
    numbers = [key for branch, key in keys if branch == _SCHOOL]
    wanted = Q(Among("number", numbers)) | Q(Among("municipality_id", codes))
    rows = institutions(scope).filter(wanted).annotate(the_moment=org_modified()).order_by("number")
    found = list(rows.values("pk", "number", "name", "municipality_id", "the_moment"))
    below: defaultdict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        below[row["municipality_id"]].append(row)
    names = dict(Municipality.objects.filter(Among("pk", codes)).values_list("pk", "name"))
    districts = {code: _district(code, name, below[code], links) for code, name in names.items() if below[code]}
    schools = {row["number"]: _school(row, links) for row in found}
    told = {_DISTRICT: districts, _SCHOOL: schools}
    return [told[branch][key] for branch, key in keys if key in told[branch]]


def _district(code: str, name: str, below: Sequence[dict[str, Any]], links: Links) -> Item:
    moment = max(row["the_moment"] for row in below)
    body = _org(district_id(code), DISTRICT, name, code, written(moment))
    body["children"] = [links.ref("org", row["number"]) for row in below]
    return Item(body, institutions=frozenset(row["pk"] for row in below))


def _school(row: dict[str, Any], links: Links) -> Item:
    body = _org(row["number"], SCHOOL, row["name"], row["number"], written(row["the_moment"]))
    if row["municipality_id"]:
        body["parent"] = links.ref("org", district_id(row["municipality_id"]))
    return Item(body, institutions=frozenset({row["pk"]}))


def _org(sourced_id: str, kind: str, name: str, identifier: str, moment: str) -> dict[str, Any]:
    base = {"sourcedId": sourced_id, "status": mapping.ACTIVE, "dateLastModified": moment}
    return {**base, "name": name, "type": kind, "identifier": identifier}


ORGS = Resource(
    "orgs",
    "org",
    (
        *BASE,
        Attribute("name", text_schema()),
        Attribute("type", word(SCHOOL, DISTRICT)),
        Attribute("identifier", text_schema()),
        Attribute("parent", ref("org"), required=False),
        Attribute("children", some(ref("org")), required=False),
    ),
    (Branch(_municipalities, _DISTRICT_COLUMNS, "code"), Branch(institutions, _SCHOOL_COLUMNS, "number")),
    _orgs,
)
