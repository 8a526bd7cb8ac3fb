"""After every flow in which a secret is given out, no table, log line, session or mail holds one that can be read."""

import base64
import json
import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import pictures, reset_windows
from accounts.models import LoginSession, ResetWindow
from accounts.sessions import SessionStore
from dataagreements.models import Provider
from tests.accounts import grids
from tests.accounts.animal_page import arrive
from tests.accounts.animal_page import choose as choose_animal
from tests.agreements import make_system
from tests.cast import PASSWORD, Cast
from tests.machines import FORM, Machine, form_encoded
from tests.officers import SUPPLIER, Officer

OWN = "Kastanje58Drage"
MISTYPED = "Kastanje58Drake"
TOKENS = "/api/oauth/token"


class Keeper:
    """Writes down every secret that a page shows or a person makes up."""

    def __init__(self) -> None:
        self.secrets: set[str] = {PASSWORD, OWN, MISTYPED}

    def words(self, client: Client) -> str:
        page = client.get("/login/din-nye-adgangskode/").content.decode()
        secret = re.search(r'class="secret-word">([^<]+)<', page).group(1)
        self.secrets.add(secret)
        return secret

    def four(self, client: Client) -> tuple[str, ...]:
        ids = grids.new_pictures(client)
        assert len(ids) == pictures.CHOSEN
        self.secrets.add(pictures.story_of([pictures.BY_ID[one] for one in ids]))
        self.secrets |= {" ".join(ids), json.dumps(ids), repr(ids), repr(list(ids)), ",".join(ids)}
        return ids


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


def what_is_held() -> Iterator[str]:
    """Yield every row of every table as text, bytes also as the text they may be, and sessions unpacked."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield " ".join(map(as_text, row))
    for session in LoginSession.objects.all():
        yield repr(SessionStore().decode(session.session_data))


def as_text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1") + " " + bytes(value).hex()
    return str(value)


def own_password(client: Client) -> None:
    client.post("/login/egen-adgangskode/", {"password": OWN, "repeated": OWN})


def open_window(cast: Cast, name: str) -> ResetWindow:
    return reset_windows.open_for([cast[name]], by=cast["tove"], role="Lærer", institution="101001").windows[0]


def every_flow(cast: Cast, mitid: Any, keeper: Keeper) -> None:
    """Make, show, mistype, repeat, abandon and replace secrets in each way there is."""
    mette, child = Client(), Client()
    arrive(mette, "mett4821")
    mitid(mette, "mette", "own_password")
    for _ in range(2):  # the first is drawn anew
        secret = keeper.words(mette)
    mette.post("/login/din-nye-adgangskode/")
    mette.post("/login/gentag/", {"password": MISTYPED})
    assert mette.post("/login/gentag/", {"password": secret}).status_code == 302

    arrive(child, "esth7204")
    mitid(child, "mette", "child_password")
    ids = keeper.four(child)
    child.post("/login/din-nye-adgangskode/")
    grids.choose(child, ids, "/login/gentag-billeder/")

    without_script = Client()
    arrive(without_script, "esth7204")
    token, tiles = grids.display(without_script)
    for one in ids:  # four chosen, and the child goes away before *Næste*
        without_script.post("/login/billeder/", {"grid": token, "picture": tiles[one]})

    for name, typed in (("emil", "emil6613"), ("esther", "esth7204")):
        pupil, window = Client(), open_window(cast, name)
        arrive(pupil, typed)
        choose_animal(pupil, window.animal)
        keeper.words(pupil) if name == "emil" else keeper.four(pupil)  # shown, and never finished
        again, window = Client(), open_window(cast, name)
        arrive(again, typed)
        choose_animal(again, window.animal)
        if name == "emil":
            secret = keeper.words(again)
            again.post("/login/din-nye-adgangskode/")
            again.post("/login/gentag/", {"password": secret})
        else:
            ids = keeper.four(again)
            again.post("/login/din-nye-adgangskode/")
            grids.choose(again, ids, "/login/gentag-billeder/")

    leif = Client()
    arrive(leif, "leif8835")
    for typed in (MISTYPED, PASSWORD):
        leif.post("/login/adgangskode/", {"password": typed})
    arrive(leif, "leif8835")
    leif.post("/login/skift-adgangskode/", {"password": PASSWORD})
    keeper.words(leif)
    own_password(leif)
    leif.post("/login/log-af/")
    arrive(leif, "leif8835")
    assert leif.post("/login/adgangskode/", {"password": OWN}).headers["Location"] == "/mit-unilogin/"


def test_no_secret_that_was_given_out_can_be_read_anywhere_afterwards(cast, mitid, keeper, caplog, capfd):
    every_flow(cast, mitid, keeper)
    assert len(keeper.secrets) > 20
    held = list(what_is_held())
    told = [caplog.text, *capfd.readouterr(), *(f"{letter.subject} {letter.body}" for letter in mail.outbox)]
    assert any("password.set" in row for row in held)
    assert any("login:password" in text for text in told)
    for secret in keeper.secrets:
        for text in (*held, *told):
            assert secret not in text
            assert secret.encode().hex() not in text


def test_the_search_would_find_a_secret_that_somebody_stored(cast):
    session = SessionStore()
    session["note"] = OWN
    session.save()
    cast["emil"].__class__.objects.filter(username="emil6613").update(activated_at=timezone.now(), password=MISTYPED)
    held = list(what_is_held())
    assert any(OWN in row for row in held)
    assert any(MISTYPED in row for row in held)


# The accesses of suppliers' systems


def every_way_of_a_system(system: Any, sune: Officer) -> set[str]:
    """Make accesses on the page, and use, mistype, misplace and revoke them; return all secrets and tokens."""
    page, path, known = sune.client(), f"/tilslutning/udbyder/systemer/{system.pk}/", set()
    for revoked in (True, False):
        made = page.post(f"{path}adgang/", {"form_key": secrets.token_hex(16)}).context["made"]
        machine = Machine(system, made.client.client_id, made.secret)
        in_form = {"client_id": machine.client_id, "client_secret": machine.secret}
        form = form_encoded({"grant_type": "client_credentials", **in_form})
        answers = [machine.ask_token(), machine.ask_token("import"), Client().post(TOKENS, form, FORM)]
        tokens = [answer.json()["access_token"] for answer in answers]
        known |= {machine.secret, *tokens, base64.b64encode(f"{machine.client_id}:{machine.secret}".encode()).decode()}
        # What is wrong with these is told and recorded, and must not be told with the secret.
        misplaced = f"?access_token={tokens[0]}&client_secret={machine.secret}"
        wrong = {"wrong": f"{machine.secret}x", "foreign": secrets.token_urlsafe(32)}
        known |= set(wrong.values())
        assert machine.ask_token(secret=wrong["wrong"]).status_code == 401
        assert Client().post(f"{TOKENS}{misplaced}", form_encoded({"grant_type": "password"}), FORM).status_code == 400
        for token in (tokens[0], wrong["foreign"]):
            machine.given = token
            for address in ("/api/eksport/v7/999999", "/ims/oneroster/rostering/v1p2/users", "/api/findes-ikke"):
                machine.get(f"{address}{misplaced}")
            machine.deliver("999999", f"<x>{tokens[0]}</x>".encode())
        if revoked:
            page.post(f"{path}adgang/{made.client.pk}/")
            assert machine.ask_token().status_code == 401
        page.get(path)
    return known


def test_no_secret_or_token_of_a_system_can_be_read_anywhere_afterwards(cast, sune, caplog, capfd):
    cache.clear()
    supplier = Provider.objects.create(name="Nordlys Læring", cvr=SUPPLIER, email="post@nordlys.example")
    known = every_way_of_a_system(make_system(supplier, "Læsebroen", import_source="Læsebroen Sync"), sune)
    assert len(known) == 14
    held = [*what_is_held(), *what_is_cached()]
    told = [caplog.text, *capfd.readouterr(), *(f"{letter.subject} {letter.body}" for letter in mail.outbox)]
    for sign in ("client.made", "client.revoked", "api.turned_away", "api-turned-away"):
        assert any(sign in row for row in held), sign
    assert any("api:token" in text for text in told)
    for secret in known:
        for text in (*held, *told):
            assert secret not in text
            assert secret.encode().hex() not in text


def what_is_cached() -> Iterator[str]:
    """Yield what the cache of a test run has in memory."""
    for key, value in cache._cache.items():
        yield f"{key} {as_text(value)}"
