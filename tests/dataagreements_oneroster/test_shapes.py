"""OneRoster: each object has the shape that is promised, and what it refers to is there."""

import json
import re
from typing import Any

import pytest

from dataagreements.exports.release import Release

from ..cast import Cast
from .oneroster import (
    BASE,
    COLLECTION_OF,
    NAMES,
    SINGLE_OF,
    ask,
    enrich,
    everything,
    found,
    ids,
    refs,
)

pytestmark = pytest.mark.django_db

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
HASHED = re.compile(r"[A-Z0-9]{6}:[0-9a-f]{20}")
UNIID = re.compile(r"[0-9a-f]{10}")
ANYTHING = re.compile(r".+")
IDS = {
    "org": re.compile(r"[A-Z0-9]{6}|kommune-\d{4}"),
    "academicSession": re.compile(r"\d{4}-\d{4}"),
    "course": re.compile(r"[A-Z0-9]{6}:(homeroom|scheduled)"),
    "class": HASHED,
    "user": UNIID,
}


class Maybe:
    """A field that need not be there."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


class Ref:
    def __init__(self, kind: str) -> None:
        self.kind = kind


class OneOf(tuple[str, ...]):
    """One of these texts."""


def base(sourced_id: re.Pattern[str]) -> dict[str, Any]:
    return {"sourcedId": sourced_id, "status": OneOf(["active"]), "dateLastModified": MOMENT}


ROLES = OneOf(["student", "teacher", "principal", "aide", "parent", "guardian", "relative"])
SHAPES: dict[str, dict[str, Any]] = {
    "orgs": {
        **base(IDS["org"]),
        "name": ANYTHING,
        "type": OneOf(["school", "district"]),
        "identifier": re.compile(r"[A-Z0-9]{6}|\d{4}"),
        "parent": Maybe(Ref("org")),
        "children": Maybe([Ref("org")]),
    },
    "academicSessions": {
        **base(IDS["academicSession"]),
        "title": re.compile(r"\d{4}/\d{4}"),
        "startDate": re.compile(r"\d{4}-08-01"),
        "endDate": re.compile(r"\d{4}-08-01"),
        "type": OneOf(["schoolYear"]),
        "schoolYear": re.compile(r"\d{4}"),
    },
    "courses": {**base(IDS["course"]), "title": ANYTHING, "courseCode": ANYTHING, "org": Ref("org")},
    "classes": {
        **base(HASHED),
        "title": ANYTHING,
        "classCode": ANYTHING,
        "classType": OneOf(["homeroom", "scheduled"]),
        "grades": Maybe([ANYTHING]),
        "course": Ref("course"),
        "school": Ref("org"),
        "terms": [Ref("academicSession")],
    },
    "enrollments": {
        **base(HASHED),
        "user": Ref("user"),
        "class": Ref("class"),
        "school": Ref("org"),
        "role": OneOf(["student", "teacher"]),
        "primary": OneOf(["false"]),
    },
    "users": {
        **base(UNIID),
        "username": UNIID,
        "enabledUser": OneOf(["true"]),
        "givenName": ANYTHING,
        "familyName": ANYTHING,
        "roles": [{"roleType": OneOf(["primary", "secondary"]), "role": ROLES, "org": Ref("org")}],
        "primaryOrg": Ref("org"),
        "identifier": Maybe(ANYTHING),
        "email": Maybe(re.compile(r".+@.+")),
        "agents": Maybe([Ref("user")]),
        "grades": Maybe([ANYTHING]),
    },
    "demographics": {**base(UNIID), "birthDate": Maybe(DATE), "sex": Maybe(OneOf(["male", "female"]))},
}


def check(value: Any, shape: Any) -> None:
    """Fail where `value` has not the shape: nothing more, nothing less, no list without anything in it."""
    if isinstance(shape, dict):
        must = {name for name, inner in shape.items() if not isinstance(inner, Maybe)}
        assert must <= value.keys() <= shape.keys(), sorted(value)
        for name, inner in value.items():
            check(inner, shape[name].shape if isinstance(shape[name], Maybe) else shape[name])
    elif isinstance(shape, list):
        assert isinstance(value, list)
        assert value
        for inner in value:
            check(inner, shape[0])
    elif isinstance(shape, Ref):
        kind = OneOf([shape.kind])
        check(value, {"href": re.compile(re.escape(BASE) + "/.+"), "sourcedId": IDS[shape.kind], "type": kind})
        assert value["href"] == f"{BASE}/{COLLECTION_OF[shape.kind]}/{value['sourcedId']}"
    elif isinstance(shape, OneOf):
        assert value in shape
    else:
        assert isinstance(value, str)
        assert shape.fullmatch(value), value


@pytest.fixture
def releases(cast: Cast) -> list[Release]:
    enrich(cast)
    return everything(cast.school, cast.day_care)


@pytest.mark.parametrize("name", NAMES)
def test_every_object_of_a_collection_has_its_shape(name, releases):
    answered = ask(name, releases)
    assert answered.status == 200
    assert list(answered.body) == [name]
    assert answered.body[name]
    for itself in answered.body[name]:
        check(itself, SHAPES[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_object_is_the_same_by_its_id(name, releases):
    objects = found(name, releases)
    assert len(set(ids(objects))) == len(objects)
    for itself in objects:
        answered = ask(name, releases, sourced_id=itself["sourcedId"])
        assert answered.body == {SINGLE_OF[name]: itself}
        assert answered.status == 200
        assert answered.headers == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_is_found_at_its_own_address(name, releases):
    held = {(kind, sourced_id) for kind in COLLECTION_OF for sourced_id in ids(found(COLLECTION_OF[kind], releases))}
    for ref in refs(found(name, releases)):
        assert (ref["type"], ref["sourcedId"]) in held
        resource, sourced_id = ref["href"].removeprefix(f"{BASE}/").split("/")
        assert ask(resource, releases, sourced_id=sourced_id).status == 200


@pytest.mark.parametrize("name", NAMES)
def test_a_body_is_json_as_it_stands(name, releases):
    body = ask(name, releases).body
    assert json.loads(json.dumps(body)) == body


@pytest.mark.parametrize("name", NAMES)
def test_who_may_read_nothing_gets_empty_collections_and_no_object(name, cast):
    answered = ask(name, [])
    assert (answered.status, answered.body, answered.told) == (200, {name: []}, {})
    assert answered.headers["X-Total-Count"] == "0"
    assert ask(name, [], sourced_id="101001").status == 404
