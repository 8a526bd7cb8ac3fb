"""Classes and enrollments: the groups, and who is in them.

**classes.** A group that has not ended and that somebody is in now. A Hovedgruppe is `homeroom`, all other types are
`scheduled`, teams of employees too: the vocabulary has two words. `classCode` is the group's id at the school (the
licence's key, D1.4), `grades` its level if it has one. `terms` is the institution's school year.

**enrollments.** A current membership's place in one such group, its main group or another; once, where a delivery names
the main group twice. The role is `student` for a pupil and `teacher` for everybody else. No delivery says which of the
teachers a class is foremost, so `primary` is `false` throughout.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When

from institutions.models import Group, Membership, MembershipGroup, MembershipKind

from . import mapping
from .columns import Column, Kind, ListColumn, constant, text
from .expressions import Among, hashed_id, joined
from .facts import Facts, NewestColumn, facts_of, modified, year
from .mapping import HOMEROOM, SCHEDULED, STUDENT, TEACHER, course_id, written
from .resources import BASE, STATUS, Attribute, Branch, Item, Key, Links, Resource, ref, some, word
from .resources import text as text_schema
from .scope import Scope


def _at(column: str) -> Any:
    """Return the condition that an id's value begins with the number of the institution that `column` leads to."""
    return lambda scope, value: Q(**{column: scope.id_of.get(mapping.number_in(value), 0)})


def _main_places(scope: Scope) -> QuerySet[Membership]:
    here = Membership.objects.current().filter(Among("institution_id", scope.ids), person__user__isnull=False)
    return here.filter(main_group__ended_at=None, main_group__institution=F("institution"))


def _other_places(scope: Scope) -> QuerySet[MembershipGroup]:
    here = MembershipGroup.objects.filter(
        Among("membership__institution_id", scope.ids),
        membership__to_date=None,
        membership__person__user__isnull=False,
        group__ended_at=None,
        group__institution=F("membership__institution"),
    )
    return here.filter(Q(membership__main_group=None) | ~Q(membership__main_group=F("group")))


def _groups(scope: Scope) -> QuerySet[Group]:
    groups = Group.objects.filter(Among("institution_id", scope.ids), ended_at=None)
    here = Membership.objects.current().filter(institution=OuterRef("institution"))
    as_other = MembershipGroup.objects.filter(
        group=OuterRef("pk"), membership__to_date=None, membership__institution=OuterRef("institution")
    )
    return groups.filter(Exists(here.filter(main_group=OuterRef("pk"))) | Exists(as_other))


def _changed(path: str) -> Column:
    """Return `dateLastModified`, which is that of the institution at `path`."""

    def some(_: Scope, institutions: Sequence[int]) -> Q:
        return Q(Among(f"{path}_id", institutions))

    return NewestColumn(lambda _: modified(f"{path}__"), Kind.MOMENT, some=some)


def _class_id(prefix: str = "") -> Column:
    """Return a class's id, of the group that `prefix` leads to."""
    columns = [f"{prefix}{name}" for name in ("institution__number", "source", "group_id")]
    return Column(lambda _: hashed_id(*columns), narrow=_at(f"{prefix}institution_id"))


def _class_type() -> Case:
    is_homeroom = When(type=mapping.HOMEROOM_GROUP, then=Value(HOMEROOM))
    return Case(is_homeroom, default=Value(SCHEDULED), output_field=TextField())


_CLASS_COLUMNS: dict[str, Column | ListColumn] = {
    "sourcedId": _class_id(),
    "status": STATUS,
    "dateLastModified": _changed("institution"),
    "title": text("name"),
    "classCode": text("group_id"),
    "classType": Column(lambda _: _class_type()),
    "grades": ListColumn(lambda scope, predicate: ~Q(level="") & text("level").condition(scope, predicate)),
    "course.sourcedId": Column(lambda _: joined("institution__number", Value(course_id("", "")), _class_type())),
    "school.sourcedId": Column(lambda _: F("institution__number"), narrow=_at("institution_id")),
    "terms.sourcedId": ListColumn(lambda scope, predicate: _term("institution__").condition(scope, predicate)),
}


def _term(prefix: str) -> Column:
    return Column(lambda scope: year(scope, prefix))


def _classes(keys: Sequence[Key], scope: Scope, links: Links) -> list[Item]:
    columns = ("pk", "institution_id", "source", "group_id", "name", "type", "level")
    groups = Group.objects.filter(Among("pk", [key for _, key in keys])).order_by().values(*columns)
    rows = {row["pk"]: row for row in groups}
    facts = facts_of((row["institution_id"] for row in rows.values()), scope)
    return [_class(rows[key], facts[rows[key]["institution_id"]], links) for _, key in keys if key in rows]


def _class(row: dict[str, Any], facts: Facts, links: Links) -> Item:
    class_type = mapping.class_type(row["type"])
    body = {
        "sourcedId": mapping.hashed_id(facts.number, row["source"], row["group_id"]),
        "status": mapping.ACTIVE,
        "dateLastModified": written(facts.modified),
        "title": row["name"],
        "classCode": row["group_id"],
        "classType": class_type,
        "grades": [row["level"]],
        "course": links.ref("course", course_id(facts.number, class_type)),
        "school": links.ref("org", facts.number),
        "terms": [links.ref("academicSession", facts.year)],
    }
    if not row["level"]:
        del body["grades"]
    return Item(body, institutions=frozenset({row["institution_id"]}))


CLASSES = Resource(
    "classes",
    "class",
    (
        *BASE,
        Attribute("title", text_schema()),
        Attribute("classCode", text_schema()),
        Attribute("classType", word(HOMEROOM, SCHEDULED)),
        Attribute("grades", some(text_schema()), required=False),
        Attribute("course", ref("course")),
        Attribute("school", ref("org")),
        Attribute("terms", some(ref("academicSession"))),
    ),
    (Branch(_groups, _CLASS_COLUMNS),),
    _classes,
)


def _enrollment_columns(member: str, group: str) -> dict[str, Column | ListColumn]:
    """Return the columns of a place: of the membership and the group that the prefixes lead to."""
    number, institution = f"{member}institution__number", f"{member}institution_id"
    own = (number, f"{group}source", f"{group}group_id", f"{member}person__user__uniid", f"{member}kind")
    pupil = When(**{f"{member}kind": MembershipKind.STUDENT}, then=Value(STUDENT))
    return {
        "sourcedId": Column(lambda _: hashed_id(*own), narrow=_at(institution)),
        "status": STATUS,
        "dateLastModified": _changed(f"{member}institution"),
        "user.sourcedId": text(f"{member}person__user__uniid"),
        "class.sourcedId": _class_id(group),
        "school.sourcedId": Column(lambda _: F(number), narrow=_at(institution)),
        "role": Column(lambda _: Case(pupil, default=Value(TEACHER), output_field=TextField())),
        "primary": constant(mapping.FALSE),
    }


# Where a place's facts stand, by branch: the main group on the membership, all others in a table of their own.
_PLACES = (("", "main_group__"), ("membership__", "group__"))


def _enrollments(keys: Sequence[Key], scope: Scope, links: Links) -> list[Item]:
    tables: tuple[QuerySet[Any], ...] = (Membership.objects.all(), MembershipGroup.objects.all())
    rows: dict[Key, tuple[Any, ...]] = {}
    for branch, (table, (member, group)) in enumerate(zip(tables, _PLACES, strict=True)):
        who = (f"{member}institution_id", f"{member}person__user__uniid", f"{member}kind")
        found = table.filter(Among("pk", [key for there, key in keys if there == branch])).order_by()
        for pk, *row in found.values_list("pk", *who, f"{group}source", f"{group}group_id"):
            rows[branch, pk] = tuple(row)
    facts = facts_of((institution for institution, *_ in rows.values()), scope)
    return [_enrollment(rows[key], facts[rows[key][0]], links) for key in keys if key in rows]


def _enrollment(row: tuple[Any, ...], facts: Facts, links: Links) -> Item:
    institution, uniid, kind, source, group_id = row
    body = {
        "sourcedId": mapping.hashed_id(facts.number, source, group_id, uniid, kind),
        "status": mapping.ACTIVE,
        "dateLastModified": written(facts.modified),
        "user": links.ref("user", uniid),
        "class": links.ref("class", mapping.hashed_id(facts.number, source, group_id)),
        "school": links.ref("org", facts.number),
        "role": mapping.enrollment_role(kind),
        "primary": mapping.FALSE,
    }
    return Item(body, frozenset({uniid}), frozenset({institution}))


ENROLLMENTS = Resource(
    "enrollments",
    "enrollment",
    (
        *BASE,
        Attribute("user", ref("user")),
        Attribute("class", ref("class")),
        Attribute("school", ref("org")),
        Attribute("role", word(STUDENT, TEACHER)),
        Attribute("primary", word(mapping.FALSE)),
    ),
    (
        Branch(_main_places, _enrollment_columns("", "main_group__")),
        Branch(_other_places, _enrollment_columns("membership__", "group__")),
    ),
    _enrollments,
)
