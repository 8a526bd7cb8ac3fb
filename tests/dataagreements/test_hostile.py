"""Whoever means harm at the doors of Tilslutning, or whose program has gone mad: told no; nothing falls or leaks."""

import base64
import datetime as dt
import gzip
import io
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from dataagreements import fetching, services
from dataagreements.exports.oneroster.answer import answer
from dataagreements.exports.oneroster.columns import Kind
from dataagreements.exports.oneroster.tables import RESOURCES
from dataagreements.models import Agreement, Connection, Fetch, RequestBatch, Submission, System, WebService
from dataagreements.packages import OPTIONAL, Package
from dataagreements.states import ConnectionState, SystemAction
from institutions.models import ImportDelivery, ImportRun
from tests.agreements import agreement_with
from tests.cast import CPR
from tests.dataagreements_ws17.school import furnish
from tests.institutions.deliveries import delivery, group, person, pupil
from tests.machines import FORM, XML

EXPORT = "/api/eksport/v7/101001"
IMPORT = "/api/import/v7/101001"
AGREEMENTS = "/api/eksport/v7/dataaftaler"
ROSTER = "/ims/oneroster/rostering/v1p2"
NUMBERS = "/tilslutning/udbyder/anmod/"
SOURCE = "Læsebroen Sync"
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


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def school(cast):
    furnish(cast)
    return cast.school


@pytest.fixture
def full(school, agreed):
    """Lærkeskolen lets Læsebroen fetch all that Full may hold."""
    return agreed(school, package=Package.FULL, ticked=frozenset(OPTIONAL[Package.FULL]))


@pytest.fixture
def delivers(cast, agreed, settings):
    settings.IMPORT_CONSENT = "dataagreements.consent.may_deliver"
    return agreed(cast.school, service=WebService.IMPORT, package=None, ticked=frozenset())


def body(came: Any) -> bytes:
    return b"".join(came.streaming_content) if came.streaming else came.content


def a_file() -> bytes:
    return delivery(pupil("p1", person(1)), groups=[group()], number="101001", source=SOURCE)


def raw(machine, path: str, query: str = "", **headers: str) -> Any:
    """Get an address whose query string is sent as it stands."""
    headers = {"Authorization": f"Bearer {machine.token}", **headers}
    return machine.browser.generic("GET", path, headers=headers, QUERY_STRING=query)


def is_refused_or_served(answer: Any, *statuses: int) -> None:
    body(answer)
    assert answer.status_code in statuses, answer.status_code
    assert "X-Evil" not in answer.headers
    assert not any(sign in value for value in answer.headers.values() for sign in "\r\n\0")


# Strange texts, wherever a caller's text reaches a query


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


# Tokens


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


def test_a_token_or_a_secret_in_an_address_is_none(machine, full, delivers):
    """Addresses stand in logs and histories (RFC 6750, section 5.3)."""
    token = machine.token
    for name in ("access_token", "token", "Authorization"):
        query = f"?pakke=lille&{name}={token}"
        assert Browser().get(f"{EXPORT}{query}").status_code == 401
        assert Browser().get(f"{ROSTER}/users{query}").status_code == 401
        assert Browser().post(f"{IMPORT}{query}", f"{name}={token}", FORM).status_code == 401
    pair = f"client_id={machine.client_id}&client_secret={machine.secret}"
    answer = Browser().post(f"/api/oauth/token?grant_type=client_credentials&{pair}", "", FORM)
    assert answer.status_code == 400
    assert Browser().post(f"/api/oauth/token?{pair}", "grant_type=client_credentials", FORM).status_code == 401


DOORS = [
    (f"{EXPORT}?pakke=lille", "eksport"),
    (f"{AGREEMENTS}?pakke=lille", "eksport"),
    *((f"{ROSTER}/{name}", "eksport") for name in RESOURCES),
    (f"{ROSTER}/users/leif000000", "eksport"),
    (IMPORT, "import"),
    (f"{IMPORT}/leverancer/{{submission}}", "import"),
]


def knock(machine, door: str) -> int:
    door = door.format(submission=getattr(Submission.objects.first(), "pk", ""))
    answer = machine.deliver("101001", a_file()) if door == IMPORT else machine.get(door)
    body(answer)
    return answer.status_code


def test_a_passive_system_gets_nowhere_and_neither_does_one_whose_connection_has_ended(machine, full, delivers, sune):
    everywhere = [(IMPORT, "import"), *(door for door in DOORS if door[0] != IMPORT)]
    assert {knock(machine, door) for door, _ in everywhere} == {200, 202}
    services.switch_system(machine.system, SystemAction.PASSIVATE, by=sune.actor)
    assert {knock(machine, door) for door, _ in everywhere} == {403}
    services.switch_system(machine.system, SystemAction.ACTIVATE, by=sune.actor)
    for ended in ("eksport", "import"):
        row = Connection.objects.get(service=ended, state=ConnectionState.VALID)
        services.end_connection(row, by=sune.actor)
        for door, service in everywhere:
            is_shut = ended in (service, "import")  # by then both have ended
            assert (knock(machine, door) == 403) is is_shut, (ended, door)


# Bodies


class Untouched(io.RawIOBase):
    """A body that may not be read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")


class BrokenOff(io.RawIOBase):
    """A body whose sender is gone."""

    def read(self, *_: Any) -> bytes:
        raise ConnectionResetError


def send(machine, stream: Any, length: str | None, *, path: str = IMPORT, content_type: str = XML, **more: Any) -> Any:
    extra = {"wsgi.input": stream, "CONTENT_TYPE": content_type, "CONTENT_LENGTH": length or "", **more}
    token = {"Authorization": f"Bearer {machine.token}"}
    return Browser().generic("POST", path, b"", content_type, headers=token, **extra)


@pytest.mark.parametrize(
    ("length", "more", "status"),
    [
        ("9" * 30, {}, 413),
        ("9" * 5000, {}, 413),
        (str(64 * 1024 * 1024 + 1), {}, 413),
        ("-1", {}, 411),
        ("+5", {}, 411),
        ("0x10", {}, 411),
        ("1_0", {}, 411),
        ("²", {}, 411),
        (None, {}, 411),
        (None, {"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ("50", {"HTTP_CONTENT_ENCODING": "gzip"}, 415),
        ("50", {"HTTP_CONTENT_ENCODING": "identity, br"}, 415),
        ("50", {"content_type": "application/xml+gzip"}, 415),
        ("50", {"path": "/api/import/v7/999999"}, 403),
    ],
)
def test_nothing_is_read_that_is_not_wanted(machine, delivers, length, more, status):
    assert send(machine, Untouched(), length, **more).status_code == status
    assert not ImportRun.objects.exists()


def test_an_upload_that_is_broken_off_is_no_delivery(machine, delivers):
    """A length that lies is the same."""
    data = a_file()
    for stream, length in (
        (BrokenOff(), len(data)),
        (io.BytesIO(data[:-40]), len(data)),
        (io.BytesIO(data), len(data) + 1),
        (io.BytesIO(b""), 10),
    ):
        assert send(machine, stream, str(length)).status_code == 411
    assert not [model.objects.exists() for model in (Submission, ImportDelivery, ImportRun) if model.objects.exists()]
    assert send(machine, io.BytesIO(data), str(len(data))).status_code == 202


def test_what_comes_after_the_said_length_is_not_read(machine, delivers):
    data = a_file()
    assert send(machine, io.BytesIO(data + b"<x/>" * 1000), str(len(data))).status_code == 202
    assert Submission.objects.get().size == len(data)


def test_what_is_packed_is_not_unpacked(machine, delivers):
    bomb = gzip.compress(b" " * 5_000_000)
    for headers in ({}, {"Content-Encoding": "gzip"}):
        answer = machine.deliver("101001", bomb, **headers)
        assert answer.status_code == (415 if headers else 422)
    assert not ImportDelivery.objects.exists()


TEXT = '<?xml version="1.0"?>\n{doctype}\n<UNILoginImport>{text}</UNILoginImport>'
LAUGHS = "".join("<!ENTITY a{} '{}'>".format(n, f"&a{n - 1};" * 10) for n in range(1, 10))
BOMBS = {
    "laughter": (f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>', "&a9;"),
    "one long one": (f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 10_000),
    "a file of ours": ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
    "an address of ours": ('<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:1/">]>', "&a;"),
    "a DTD elsewhere": ('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">', "x"),
    "parameters": ("<!DOCTYPE x [<!ENTITY % a \"<!ENTITY b 'c'>\">%a;]>", "&b;"),
    "an inclusion": ("", '<x xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd"/></x>'),
    "very deep": ("", "<a>" * 100_000),
    "many attributes": ("", "<a" + "".join(f" a{n}='1'" for n in range(50_000)) + "/>"),
    "a NUL": ("", "&#0;"),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_does_not_go_off(machine, delivers, bomb):
    doctype, text = bomb
    answer = machine.deliver("101001", TEXT.format(doctype=doctype, text=text).encode())
    assert answer.status_code == 422
    assert "root:" not in answer.content.decode()
    assert len(answer.content) < 2000
    assert not ImportDelivery.objects.exists()
    assert ImportRun.objects.get().state == "rejected"


# What never goes


REGISTERED = ("Liv<", "Skov", '"Liv"', "Krogh", "Hemmelig", "Skjulested", "33110005", "33110006", "33110004")


def everything(machine, package: str) -> str:
    """All that a system gets by its agreement, in every format."""
    query = {"pakke": package, "inkluderCpr": "true"}
    paths = [f"{ROSTER}/{name}?limit=10000" for name in RESOURCES]
    answers = [machine.get(EXPORT, query), machine.get(AGREEMENTS, query), *map(machine.get, paths)]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(body(answer).decode() for answer in answers)


@pytest.mark.parametrize("package", [Package.SMALL, Package.MEDIUM, Package.FULL, Package.FULL_AUTHORITY])
def test_protected_people_go_by_their_alias_alone_in_every_format(machine, school, agreed, package):
    """With all that is not their registered name; an authority gets address and telephone besides (D1.8)."""
    agreed(school, package=package, ticked=OPTIONAL[package] - {"registered_name"})
    text = everything(machine, package)
    assert "Bech" in text
    kept = REGISTERED if package != Package.FULL_AUTHORITY else REGISTERED[:4]
    assert [trace for trace in kept if trace in text] == []


def test_the_registered_name_that_an_authority_gets_is_not_in_oneroster(machine, school, agreed):
    agreed(school, package=Package.FULL_AUTHORITY, ticked=frozenset(OPTIONAL[Package.FULL_AUTHORITY]))
    assert "Skov" in body(machine.get(EXPORT, {"pakke": "fuldmyndighed"})).decode()
    for asked in ("familyName='Skov'", "familyName~'kov'", "givenName='Liv'", "familyName='Krogh'"):
        assert machine.get(f"{ROSTER}/users", {"filter": asked}).json() == {"users": []}
    told = "".join(machine.get(f"{ROSTER}/{name}").content.decode() for name in RESOURCES)
    assert [trace for trace in REGISTERED if trace in told] == []


@pytest.mark.parametrize("package", [Package.MEDIUM, Package.FULL_AUTHORITY])
@pytest.mark.parametrize("is_agreed", [True, False])
def test_a_cpr_number_goes_only_where_it_is_agreed_and_asked_for(machine, school, agreed, package, is_agreed):
    ticked = frozenset(OPTIONAL[package]) - (frozenset() if is_agreed else {"cpr"})
    agreed(school, package=package, ticked=ticked)
    queries: tuple[dict[str, str], ...] = ({}, {"inkluderCpr": "false"}, {"inkluderCpr": "true"})
    for query in queries:
        text = body(machine.get(EXPORT, {"pakke": package, **query})).decode()
        goes = is_agreed and query.get("inkluderCpr") == "true"
        assert any(number in text for number in CPR.values()) is goes
        assert ("CivilRegistration" in text) is goes
    small = body(machine.get(EXPORT, {"pakke": "lille", "inkluderCpr": "true"})).decode()
    told = "".join(machine.get(f"{ROSTER}/{name}").content.decode() for name in RESOURCES)
    assert not any(number in text for text in (small, told) for number in CPR.values())
