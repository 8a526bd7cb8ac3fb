"""Texts that nobody expects, wherever a caller's text reaches a query: refused, or found nowhere; nothing falls."""

import base64
import datetime as dt
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from dataagreements import fetching
from dataagreements.exports.oneroster.answer import answer
from dataagreements.exports.oneroster.columns import Kind
from dataagreements.exports.oneroster.tables import RESOURCES
from dataagreements.models import Agreement, Fetch, RequestBatch, System
from tests.agreements import agreement_with
from tests.machines import FORM, body

EXPORT = "/api/eksport/v7/101001"
AGREEMENTS = "/api/eksport/v7/dataaftaler"
ROSTER = "/ims/oneroster/rostering/v1p2"
NUMBERS = "/tilslutning/udbyder/anmod/"
# What no database takes, no header may hold, no number is, or somebody has tried elsewhere.
STRANGE = {
    "a NUL": "\0",
    "a NUL amid": "101\0001",
    "other digits": "１２٣",
    "a line break": "x\r\nX-Evil: 1",
    "an apostrophe": "' OR '1'='1",
    "patterns": "%_\\%",
    "beyond the first plane": "\U0001f47e\U0010ffff",
    "no characters": "\uffff\ufdd0\u202e\x7f",
    "very long": "ø" * 5000,
    "a long number": "9" * 5000,
    "nothing": "",
}
# Those that one may fall over where texts are not taken apart.
FEW = {name: STRANGE[name] for name in ("a NUL", "a NUL amid", "other digits", "no characters", "a long number")}
# Bytes of a query string that are no text: half a pair of surrogates, and a character cut off.
NO_TEXT = ("%ED%A0%80", "%C3", "%00", "%FF%FE")


def raw(machine, path: str, query: str = "", **headers: str) -> Any:
    """Get an address whose query string is sent as it stands."""
    headers = {"Authorization": f"Bearer {machine.token}", **headers}
    return machine.browser.generic("GET", path, headers=headers, QUERY_STRING=query)


def is_refused_or_served(answer: Any, *statuses: int) -> None:
    body(answer)
    assert answer.status_code in statuses, answer.status_code
    assert "X-Evil" not in answer.headers
    assert not any(sign in value for value in answer.headers.values() for sign in "\r\n\0")


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_a_strange_parameter_of_oneroster_is_refused_or_matches_nothing(machine, full, text):
    value = quote_plus(text)
    for name in ("limit", "offset", "sort", "orderBy", "filter", "fields", "other"):
        is_refused_or_served(raw(machine, f"{ROSTER}/users", f"{name}={value}"), 200, 400)
    is_refused_or_served(raw(machine, f"{ROSTER}/users/{quote(text or '%', safe='')}"), 404)
    is_refused_or_served(raw(machine, f"{ROSTER}/users/leif000000", f"fields={value}"), 400)
    is_refused_or_served(raw(machine, f"{ROSTER}/{quote(text or '%', safe='')}"), 404)


def test_bytes_that_are_no_text_are_refused_or_match_nothing(machine, full):
    for value in NO_TEXT:
        for name, given in (("sort", value), ("fields", value), ("filter", f"familyName='{value}'"), ("limit", value)):
            is_refused_or_served(raw(machine, f"{ROSTER}/users", f"{name}={given}"), 200, 400)
        is_refused_or_served(raw(machine, f"{ROSTER}/users/{value}"), 404)
        is_refused_or_served(raw(machine, EXPORT, f"pakke={value}"), 400)


DATES = ("0001-01-01", "9999-12-31T23:59:59.999999-14:00", "0001-01-01T00:00:00+14:00", "２０２６-01-01", "2026-W01")
ASKED = (
    f"{{0}}='{STRANGE['other digits']}' OR {{0}}~'{STRANGE['patterns']}'",
    f"{{0}}>'{STRANGE['no characters']}' AND {{0}}!='{STRANGE['beyond the first plane']}'",
    *(f"{{0}}{operator}'{date}'" for operator, date in zip("<=><=", DATES, strict=True)),
)


@pytest.mark.parametrize("name", RESOURCES)
def test_every_field_of_oneroster_takes_every_strange_value(machine, full, name):
    releases = [one.release for one in fetching.granted(machine.system)]
    for field, column in RESOURCES[name].columns.items():
        is_a_day = getattr(column, "kind", Kind.TEXT) is not Kind.TEXT
        for asked in ASKED if is_a_day else ASKED[:2]:
            query = {"limit": "1", "filter": asked.format(field)}
            assert answer(name, None, releases, query, "http://testserver", now=timezone.now()).status in {200, 400}


@pytest.mark.parametrize("text", FEW.values(), ids=FEW)
def test_a_strange_parameter_of_an_export_is_refused(machine, full, text):
    value = quote_plus(text)
    for query in (
        f"pakke={value}",
        f"pakke=lille&inkluderCpr={value}",
        f"pakke=lille&inkluderKlassetrin={value}",
        f"pakke=lille&inkluderKlassetrin=2,{value}",
        f"pakke=lille&inkluder{value or 'X'}=true",
    ):
        is_refused_or_served(raw(machine, EXPORT, query), 400)
    is_refused_or_served(raw(machine, AGREEMENTS, f"pakke={value}"), 400)
    is_refused_or_served(raw(machine, f"/api/eksport/v7/{quote(text or '%', safe='')}", "pakke=lille"), 404)
    is_refused_or_served(machine.deliver(quote(text or "%", safe=""), b"<x/>"), 404)
    assert not Fetch.objects.exists()


@pytest.mark.parametrize("given", ["*", '"' * 3000, 'W/"x", "\xff\x00"', "æ, ø"])
def test_a_strange_condition_is_no_reason_to_fail(machine, full, given):
    """`*` is whatever version there is (RFC 9110, section 13.1.2)."""
    for path, query in ((EXPORT, "pakke=lille"), (f"{ROSTER}/orgs", "limit=1")):
        for name in ("If-None-Match", "If-Modified-Since"):
            served = 304 if given == "*" and name == "If-None-Match" else 200
            is_refused_or_served(raw(machine, path, query, **{name: given}), served)


@pytest.mark.parametrize("language", ["da\r\nX-Evil: 1", "\x00", "x" * 6000, "en;q=9" * 900, "../../etc"])
def test_a_strange_language_is_answered_in_danish(machine, full, language):
    answer = raw(machine, EXPORT, "pakke=lille", **{"Accept-Language": language})
    is_refused_or_served(answer, 200)
    assert answer["Content-Language"] == "da"


@pytest.mark.parametrize("text", FEW.values(), ids=FEW)
def test_the_pages_take_every_strange_text(nadia, sune, full, text):
    approver, supplier = nadia.client(), sune.client()
    query = {"q": text, "side": text, "vis": text, "system": text}
    for tab in ("anmodninger/", "dataaftaler/", "ophoert/"):
        assert approver.get(f"/tilslutning/{tab}", query).status_code == 200
    for path in ("aftaler/", "anmod/", f"anmodninger/{full.batch_id}/"):
        assert supplier.get(f"/tilslutning/udbyder/{path}", query).status_code == 200
    for form in ({"alle": "1", "til": text, "q": text}, {"alle": "1", "til": "9" * 18, "q": text}, {"anmodning": text}):
        more = {"status": "approve", "kommentar": text, "udfoer": "1"}
        assert approver.post("/tilslutning/anmodninger/bekraeft/", {**form, **more}).status_code in {200, 302}
    for kind in ("bekraeft", "afmeld"):
        assert Browser().get(f"/tilslutning/notifikationer/{kind}/{quote(text or '%', safe='')}/").status_code == 200
    form = {"email": text, "om": text}
    assert approver.post("/tilslutning/notifikationer/", form).status_code == 200
    assert agreement_with(full.institution).state == "approved"


@pytest.mark.parametrize("text", FEW.values(), ids=FEW)
def test_a_suppliers_forms_take_every_strange_text(sune, system, text):
    client = sune.client()
    path = f"/tilslutning/udbyder/systemer/{system.pk}"
    named = {"name": text, "description": text, "import_source": text}
    pages = {
        f"{path}/ret/": named,
        f"/tilslutning/udbyder/{system.provider_id}/systemer/nyt/": named,
        f"{path}/skift/": {"til": text},
        f"{path}/tilslut/": {"service": text, "message": text},
        f"{path}/adgang/": {"form_key": text},
        "/tilslutning/udbyder/bliv/": dict.fromkeys(("cvr", "name", "p_number", "email", "phone", "message"), text),
        NUMBERS: dict.fromkeys(("system", "service", "package", "ticked", "purpose", "contract", "numbers"), text),
    }
    for address, form in pages.items():
        assert client.post(address, form).status_code in {200, 302}, address


def numbers(system: System, **more: Any) -> dict[str, Any]:
    form = {"system": system.pk, "service": "eksport", "package": "lille", "purpose": "Bøger", "legal_basis": "Lov"}
    day = timezone.localdate() + dt.timedelta(days=90)
    return {**form, "valid_until": day.isoformat(), "form_key": "a" * 32, **more}


@pytest.mark.parametrize("button", [{"tilfoej": "1"}, {}], ids=["add", "send"])
@pytest.mark.parametrize("text", FEW.values(), ids=FEW)
def test_numbers_may_be_typed_pasted_and_uploaded_with_anything_in_them(sune, system, day_care, text, button):
    client = sune.client()
    for number, field in enumerate(("added", "numbers", "number_file")):
        line = f"{day_care.number}\n{text}"
        given = SimpleUploadedFile("numre\0.csv", line.encode()) if field == "number_file" else line
        form = numbers(system, form_key=f"{number:032d}", **{field: given})
        assert client.post(NUMBERS, {**form, **button}).status_code in {200, 302}, field
    assert Agreement.objects.count() == (0 if button else 1)


def test_a_file_of_numbers_in_utf_16_is_read_too(sune, system, day_care):
    file = SimpleUploadedFile("numre.txt", f"nummer;navn\r\n{day_care.number};Bakkehuset\r\n".encode("utf-16-le"))
    sune.client().post(NUMBERS, numbers(system, number_file=file))
    assert dict(RequestBatch.objects.get().outcomes.values_list("number", "outcome"))[day_care.number] == "sent"


# In place of an id, a secret, a token or a scope


@pytest.mark.parametrize("secret", FEW.values(), ids=FEW)
@pytest.mark.parametrize("where", ["basic", "encoded", "form"])
def test_a_strange_id_or_secret_lets_nobody_in(machine, secret, where):
    for client_id, word in ((secret, machine.secret), (machine.client_id, secret), (secret, secret)):
        form, headers = "grant_type=client_credentials", {}
        if where == "form":
            form += f"&client_id={quote_plus(client_id)}&client_secret={quote_plus(word)}"
        else:
            parts = (client_id, word) if where == "basic" else (quote_plus(client_id), quote_plus(word))
            headers = {"Authorization": "Basic " + base64.b64encode(":".join(parts).encode()).decode()}
        is_refused_or_served(Browser().post("/api/oauth/token", form, FORM, headers=headers), 400, 401)
    assert not System.objects.get().clients.get().tokens.exists()


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer \x00", "bearer é\x85", "Bearer a b", "Bearer " + "x" * 7000, "\xff"]
)
def test_a_strange_token_lets_nobody_in(machine, header):
    answer = Browser().get(f"{AGREEMENTS}?pakke=lille", headers={"Authorization": header})
    is_refused_or_served(answer, 401)


@pytest.mark.parametrize("scope", STRANGE.values(), ids=STRANGE)
def test_a_strange_scope_is_no_scope(machine, scope):
    answer = machine.ask_token(scope) if len(scope) < 100 else machine.ask_token(scope[:800])
    is_refused_or_served(answer, 200 if not scope else 400)
