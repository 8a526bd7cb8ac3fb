"""OneRoster: whatever stands in a query string or in an id, the answer is 200, 400 or 404."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dataagreements.exports.oneroster.tables import RESOURCES

from ..cast import Cast
from .oneroster import NAMES, ask, enrich, everything

pytestmark = pytest.mark.django_db

NAMED = sorted({name for resource in RESOURCES.values() for name in (*resource.columns, *resource.fields)})
TEXTS = st.text(st.characters(codec=None), max_size=40)  # surrogates and NUL too
FIELDS = st.one_of(st.sampled_from(NAMED), st.sampled_from(["phone", "", "a.b.c", "status "]))
OPERATORS = st.sampled_from(["=", "!=", ">", ">=", "<", "<=", "~", "==", "", " = "])
MOMENTS = st.one_of(st.datetimes().map(str), st.dates().map(str), st.datetimes(timezones=st.timezones()).map(str))
VALUES = st.one_of(
    TEXTS, MOMENTS, st.sampled_from(["active", "student", "101001", "kommune-0101", "101001:homeroom", "'", "''", "%"])
)
PREDICATES = st.builds(lambda field, operator, value: f"{field}{operator}'{value}'", FIELDS, OPERATORS, VALUES)
FILTERS = st.one_of(
    PREDICATES,
    st.builds("{0}{1}{2}".format, PREDICATES, st.sampled_from([" AND ", " OR ", " and ", "AND", " "]), PREDICATES),
    TEXTS,
    st.integers(480, 12_000).map(lambda length: "status='" + "x" * length + "'"),
)
NUMBERS = st.one_of(st.integers().map(str), st.integers(-2, 20).map(str), st.floats().map(str), TEXTS)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "limit": NUMBERS,
        "offset": NUMBERS,
        "sort": st.one_of(FIELDS, TEXTS),
        "orderBy": st.one_of(st.sampled_from(["asc", "desc"]), TEXTS),
        "fields": st.one_of(st.lists(FIELDS, max_size=3).map(",".join), TEXTS),
        "filter": FILTERS,
        "other": TEXTS,
    },
)
IDS = st.one_of(
    st.none(), TEXTS, st.sampled_from(["101001", "kommune-0101", "101001:homeroom", "101001:" + "0" * 20, "2026-2027"])
)


@example("users", {"filter": "status='" + "'" * 9_000}, None)
@example("users", {"limit": "9" * 5_000}, None)
@example("demographics", {"filter": "birthDate>'0001-01-01'"}, None)
@example("orgs", {"filter": "parent.sourcedId!='' OR dateLastModified<'0001-01-01'"}, None)
@example("academicSessions", {"filter": "title~'' OR dateLastModified>'2020-01-01'", "sort": "schoolYear"}, None)
@given(st.sampled_from(NAMES), QUERIES, IDS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_string_is_answered_with_an_error_of_ours(rich: Cast, name, query, sourced_id):
    answered = ask(name, everything(rich.school, rich.day_care), query, sourced_id)
    assert answered.status in ({200, 400} if sourced_id is None else {200, 400, 404})
    assert answered.status == 200 or answered.body["imsx_codeMajor"] == "failure"
    assert all("\n" not in value and "\r" not in value for value in answered.headers.values())
    json.dumps(answered.body).encode()


@pytest.fixture
def rich(cast: Cast) -> Cast:
    enrich(cast)
    return cast
