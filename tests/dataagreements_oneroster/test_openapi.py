"""OneRoster: the description in OpenAPI is that of what is answered."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.utils import translation

from dataagreements.exports.oneroster.openapi import PREFIX, openapi
from dataagreements.exports.release import Release

from ..cast import Cast
from .oneroster import JSON, NAMES, ask, enrich, everything, found, ids, one, uniid

pytestmark = pytest.mark.django_db


@pytest.fixture
def releases(cast: Cast) -> list[Release]:
    enrich(cast)
    return everything(cast.school, cast.day_care)


def validate(value: Any, schema: JSON, schemas: JSON) -> None:
    """Fail where `value` does not fulfil `schema`: as much of JSON Schema as the document uses, and no keyword more."""
    if "$ref" in schema:
        return validate(value, schemas[schema["$ref"].removeprefix("#/components/schemas/")], schemas)
    if "anyOf" in schema:  # an object or, with `fields`, a selection of its fields
        return validate(value, schema["anyOf"][0], schemas)
    known = {"type", "properties", "required", "additionalProperties", "items", "minItems", "enum", "format", "pattern"}
    assert schema.keys() <= known | {"minLength", "maxLength"}
    if schema["type"] == "object":
        assert isinstance(value, dict)
        assert set(schema["required"]) <= value.keys() <= schema["properties"].keys(), sorted(value)
        assert schema["additionalProperties"] is False
        for name, inner in value.items():
            validate(inner, schema["properties"][name], schemas)
        return None
    if schema["type"] == "array":
        assert isinstance(value, list)
        assert len(value) >= schema.get("minItems", 0)
        for inner in value:
            validate(inner, schema["items"], schemas)
        return None
    assert schema["type"] == "string"
    assert isinstance(value, str)
    assert schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**6)
    assert value in schema.get("enum", [value])
    assert re.search(schema.get("pattern", ""), value)
    return FORMATS[schema.get("format", "")](value)


FORMATS: dict[str, Any] = {
    "": lambda _: None,
    "date": dt.date.fromisoformat,
    "date-time": lambda text: dt.datetime.fromisoformat(text).astimezone(dt.UTC),
    "uri": lambda text: re.fullmatch(r"https://[^\s]+", text) or pytest.fail(text),
}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_answered_is_what_the_description_says(name, releases):
    document = openapi()
    schemas = document["components"]["schemas"]
    for path, sourced_id in (
        (f"{PREFIX}{name}", None),
        (f"{PREFIX}{name}/{{sourcedId}}", ids(found(name, releases))[0]),
    ):
        responses = document["paths"][path]["get"]["responses"]
        for query, status in (({}, 200), ({"fields": "nothing"}, 400)):
            answered = ask(name, releases, query, sourced_id)
            assert answered.status == status
            content = responses[str(status)]["content"]["application/json"]
            validate(answered.body, content["schema"], schemas)
            assert answered.headers.keys() <= responses[str(status)].get("headers", {}).keys()
    unknown = document["paths"][f"{PREFIX}{name}/{{sourcedId}}"]["get"]["responses"]["404"]
    validate(ask(name, releases, {}, "?").body, unknown["content"]["application/json"]["schema"], schemas)


def test_the_description_refuses_what_lacks_a_field_or_has_one_too_many(cast, releases):
    schemas = openapi()["components"]["schemas"]
    itself = one("users", releases, uniid(cast, "esther"))
    validate(itself, schemas["OneRosterUser"], schemas)
    without_role = {name: value for name, value in itself.items() if name != "roles"}
    for wrong in (without_role, {**itself, "phone": "1"}, {**itself, "enabledUser": True}, {**itself, "roles": []}):
        with pytest.raises((AssertionError, ValueError)):
            validate(wrong, schemas["OneRosterUser"], schemas)


def test_the_description_names_every_address_once_and_defines_what_it_refers_to():
    document = openapi()
    assert set(document["paths"]) == {f"{PREFIX}{name}{rest}" for name in NAMES for rest in ("", "/{sourcedId}")}
    operations = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(set(operations)) == len(operations)
    assert {"getAllOrgs", "getOrg", "getAllAcademicSessions", "getAcademicSession", "getDemographics"} <= set(
        operations
    )
    pointed_at = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document))
    assert set(pointed_at) <= set(document["components"]["schemas"])


@pytest.mark.parametrize("name", NAMES)
def test_every_field_that_the_description_offers_can_be_asked_for(name, releases):
    with translation.override("en"):
        parameters = openapi()["paths"][f"{PREFIX}{name}"]["get"]["parameters"]
    described = {parameter["name"]: parameter for parameter in parameters}
    for field in described["fields"]["schema"]["items"]["enum"]:
        assert {key for itself in found(name, releases, fields=field) for key in itself} <= {field}
    for field in described["sort"]["schema"]["enum"]:
        assert found(name, releases, sort=field)
    for field in described["filter"]["description"].rpartition("Fields: ")[2].rstrip(".").split(", "):
        value = "2026-01-01" if "Date" in field or "dateLast" in field else "x"
        assert ask(name, releases, {"filter": f"{field}='{value}'"}).status == 200
