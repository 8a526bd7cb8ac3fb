"""Academic sessions and courses: what a class must refer to.

**academicSessions.** The school years that released institutions are in, see `facts`; most often one. `2026-2027` is
from 1 August until the next, which `endDate` names as it does not count; `schoolYear` is the year in which it ends.

**courses.** There are no courses in a delivery, and a class must refer to one. So each institution has two, the classes
of each type: `101001:homeroom` and `101001:scheduled`.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import Substr

from . import mapping
from .columns import Column, Kind, constant, text
from .expressions import joined
from .facts import facts_of, modified, year
from .mapping import CLASS_TYPES, SCHOOL_YEAR, course_id, written
from .places import institutions
from .resources import BASE, STATUS, Attribute, Branch, Item, Key, Links, Resource, date, ref, word
from .resources import text as text_schema
from .scope import Scope


def _years(scope: Scope) -> QuerySet[Any, Any]:
    """Return the school years, each with when an institution in it was last changed."""
    each = institutions(scope).annotate(the_year=year(scope), the_moment=modified())
    return each.values("the_year").annotate(newest=Max("the_moment")).order_by()


def _first() -> Substr:
    return Substr("the_year", 1, 4)


def _last() -> Substr:
    return Substr("the_year", 6, 4)


_SESSION_COLUMNS = {
    "sourcedId": text("the_year"),
    "status": STATUS,
    "dateLastModified": Column(lambda _: F("newest"), Kind.MOMENT),
    "title": Column(lambda _: joined(_first(), Value("/"), _last())),
    "startDate": Column(lambda _: joined(_first(), Value(f"-{mapping.YEAR_BEGINS}")), Kind.WRITTEN_DATE),
    "endDate": Column(lambda _: joined(_last(), Value(f"-{mapping.YEAR_BEGINS}")), Kind.WRITTEN_DATE),
    "type": constant(SCHOOL_YEAR),
    "schoolYear": Column(lambda _: _last()),
}


def _sessions(keys: Sequence[Key], scope: Scope, _: Links) -> list[Item]:
    moments = dict(_years(scope).values_list("the_year", "newest"))
    return [_session(name, moments[name]) for _, name in keys if name in moments]


def _session(name: str, moment: Any) -> Item:
    first, last = name.split("-")
    base = {"sourcedId": name, "status": mapping.ACTIVE, "dateLastModified": written(moment)}
    dates = {"startDate": f"{first}-{mapping.YEAR_BEGINS}", "endDate": f"{last}-{mapping.YEAR_BEGINS}"}
    return Item({**base, "title": f"{first}/{last}", **dates, "type": SCHOOL_YEAR, "schoolYear": last})


SESSIONS = Resource(
    "academicSessions",
    "academicSession",
    (
        *BASE,
        Attribute("title", text_schema()),
        Attribute("startDate", date()),
        Attribute("endDate", date()),
        Attribute("type", word(SCHOOL_YEAR)),
        Attribute("schoolYear", {"type": "string", "pattern": "^[0-9]{4}$"}),
    ),
    (Branch(_years, _SESSION_COLUMNS, "the_year"),),
    _sessions,
)


def _course_columns(type_of_class: str) -> dict[str, Column]:
    return {
        "sourcedId": Column(lambda _: joined("number", Value(course_id("", type_of_class)))),
        "status": STATUS,
        "dateLastModified": Column(lambda _: modified(), Kind.MOMENT),
        "title": constant(CLASS_TYPES[type_of_class]),
        "courseCode": constant(type_of_class),
        "org.sourcedId": text("number"),
    }


def _courses(keys: Sequence[Key], scope: Scope, links: Links) -> list[Item]:
    types = list(CLASS_TYPES)
    facts = facts_of((scope.id_of[number] for _, number in keys), scope)
    return [
        _course(scope.id_of[number], types[branch], written(facts[scope.id_of[number]].modified), scope, links)
        for branch, number in keys
    ]


def _course(institution: int, type_of_class: str, moment: str, scope: Scope, links: Links) -> Item:
    number = scope.number_of[institution]
    base = {"sourcedId": course_id(number, type_of_class), "status": mapping.ACTIVE, "dateLastModified": moment}
    told = {"title": CLASS_TYPES[type_of_class], "courseCode": type_of_class, "org": links.ref("org", number)}
    return Item({**base, **told}, institutions=frozenset({institution}))


COURSES = Resource(
    "courses",
    "course",
    (
        *BASE,
        Attribute("title", word(*CLASS_TYPES.values())),
        Attribute("courseCode", word(*CLASS_TYPES)),
        Attribute("org", ref("org")),
    ),
    tuple(Branch(institutions, _course_columns(type_of_class), "number") for type_of_class in CLASS_TYPES),
    _courses,
)
