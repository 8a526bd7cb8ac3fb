"""The OpenAPI document: true of what is answered (schemathesis), whole in both languages, and readable as a page."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings as portal
from django.core.wsgi import get_wsgi_application
from django.test import Client as Browser
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dataagreements.api import openapi
from dataagreements.models import WebService
from dataagreements.packages import Field, Package
from tests.dataagreements_ws17.school import furnish
from tests.institutions.deliveries import delivery, person, pupil

DOCUMENT = openapi.document()
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def country(connection_kept, cast, agreed, machine, settings) -> Any:
    """A school that lets Læsebroen do everything, and a day care that lets it do nothing; and Læsebroen's token."""
    settings.IMPORT_CONSENT = "dataagreements.consent.may_deliver"
    furnish(cast)
    agreed(cast.school, package=Package.FULL_AUTHORITY, ticked=frozenset(Field))
    agreed(cast.school, service=WebService.IMPORT, package=None, ticked=frozenset())
    machine.sent = machine.deliver("101001", a_file()).json()["id"]
    return machine


def a_file() -> bytes:
    return delivery(pupil("p1", person(1)), number="101001", source="Læsebroen Sync")


def ids_of(machine: Any, path: str) -> Iterator[str]:
    """Yield ids that there are of a resource of OneRoster."""
    name = path.split("/")[5]
    for one in machine.get(f"/ims/oneroster/rostering/v1p2/{name}", {"limit": 3}).json()[name]:
        yield one["sourcedId"]


def make_known(case: Any, known: dict[str, list[str]], machine: Any, data: Any) -> None:
    """Name in a request what there is: chance would never meet it."""
    for name in set(known) & set(case.path_parameters or {}):
        case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
    if case.path.startswith("/api/import") and case.method == "POST":
        case.body, case.media_type = a_file(), "application/xml"
    if case.path == openapi.TOKEN_PATH:
        case.body = {
            "grant_type": "client_credentials",
            "client_id": machine.client_id,
            "client_secret": machine.secret,
        }
        case.media_type = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
def test_no_answer_is_outside_the_document_and_none_is_an_error_of_ours(country, path, method, mode):
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = get_wsgi_application()
    operation = schema[path][method]
    known = {"institutionsnummer": ["101001"], "id": [country.sent]}
    if path.endswith("{sourcedId}"):
        known["sourcedId"] = list(ids_of(country, path))
    headers = {} if path == openapi.TOKEN_PATH else {"Authorization": f"Bearer {country.token}"}
    seen: set[int] = set()

    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def try_out(case: Any, data: Any) -> None:
        if data.draw(st.booleans()):
            make_known(case, known, country, data)
        response = case.call(base_url=portal.ORIGIN, headers=headers)
        seen.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    try_out()
    if mode is GenerationMode.POSITIVE:
        assert min(seen) < 300, "no example was served"


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
def test_other_methods_than_those_described_are_not_allowed(country, path, method):
    """A HEAD is where a GET is (RFC 9110)."""
    address = path.replace("{institutionsnummer}", "101001").replace("{id}", country.sent).replace("{sourcedId}", "x")
    for other in {"get", "post", "put", "patch", "delete", "options"} - {method}:
        answer = Browser().generic(other.upper(), address, headers={"Authorization": f"Bearer {country.token}"})
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
        assert method.upper() in answer["Allow"].split(", ")


def whole(document: Any) -> list[str]:
    """Return all texts for people of a document."""
    if isinstance(document, dict):
        return [
            text
            for name, value in document.items()
            for text in ([value] if name in {"summary", "description"} and isinstance(value, str) else whole(value))
        ]
    return [text for value in document for text in whole(value)] if isinstance(document, list) else []


def test_the_document_is_in_danish_and_in_english():
    with translation.override("da"):
        danish = whole(openapi.document())
    with translation.override("en"):
        english = whole(openapi.document())
    assert len(danish) == len(english)
    assert [text for text, other in zip(danish, english, strict=True) if text == other] == []


def test_the_document_and_its_page_are_for_everybody(db):
    answer = Browser().get("/api/schema/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    document = json.loads(answer.content)
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": portal.ORIGIN}]
    page = Browser().get("/api/").content.decode()
    assert "Grænseflader for leverandører" in page
    for path, methods in document["paths"].items():
        assert path in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page


def test_every_operation_asks_for_a_token_but_the_one_that_gives_it():
    for path, method in OPERATIONS:
        operation = DOCUMENT["paths"][path][method]
        assert ("security" in operation) == (path != openapi.TOKEN_PATH)
        assert {"401", "405"} <= set(operation["responses"])
