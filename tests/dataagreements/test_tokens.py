"""The token endpoint and the door behind it (RFC 6749, 6750): whose token counts, for what, and for how long."""

import base64
import datetime as dt
import json
import secrets

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import AuditEvent
from dataagreements import clients, services, tasks
from dataagreements.models import AccessToken, Client, Connection, WebService
from dataagreements.states import ConnectionState, SystemAction
from institutions.roles import Role
from tests.agreements import make_system
from tests.machines import FORM, Machine, machine_of
from unilogin_portal.lib import crypto
from unilogin_portal.lib.errors import DomainError

AGREEMENTS = "/api/eksport/v7/dataaftaler?pakke=lille"
CORE = clients.ROSTER_CORE


def test_an_id_and_a_secret_become_a_token_of_an_hour(machine):
    answer = machine.ask_token()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
    assert set(token["scope"].split()) == set(clients.SERVICE_OF)
    assert Client.objects.get().last_used_at


def test_the_id_and_secret_may_stand_in_the_form_too(machine):
    form = f"grant_type=client_credentials&client_id={machine.client_id}&client_secret={machine.secret}&scope=import"
    answer = Browser().post("/api/oauth/token", form, FORM)
    assert (answer.status_code, answer.json()["scope"]) == (200, "import")


def test_neither_secret_nor_token_can_be_read_in_the_database(machine):
    token = machine.token
    kept = [*vars(Client.objects.get()).values(), *vars(AccessToken.objects.get()).values()]
    assert machine.secret not in map(str, kept)
    assert token not in map(str, kept)


@pytest.mark.parametrize(
    ("body", "content_type", "status", "error"),
    [
        ("grant_type=password&username=a&password=b", FORM, 400, "unsupported_grant_type"),
        ("grant_type=authorization_code&code=a", FORM, 400, "unsupported_grant_type"),
        ("", FORM, 400, "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", FORM, 400, "invalid_request"),
        ("grant_type=client_credentials", "application/json", 400, "invalid_request"),
        ("grant_type=client_credentials", FORM, 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=a&client_secret=b", FORM, 401, "invalid_client"),
        ("grant_type=client_credentials&x=" + "a" * 9000, FORM, 400, "invalid_request"),
        ("grant_type=client_credentials&x=%zz", FORM, 400, "invalid_request"),
        ("grant_type=cliënt", FORM, 400, "invalid_request"),
        ("grant_type=client_credentials&client_id=%00&client_secret=%00", FORM, 401, "invalid_client"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_in_the_words_of_the_specification(db, body, content_type, status, error):
    answer = Browser().post("/api/oauth/token", body, content_type)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("header", ["Basic", "Basic !!", "Basic ", "Basic " + base64.b64encode(b"\xff:\xff").decode()])
def test_a_header_that_is_no_id_and_secret_lets_nobody_in(db, header):
    answer = Browser().post(
        "/api/oauth/token", "grant_type=client_credentials", FORM, headers={"Authorization": header}
    )
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Basic realm="Unilogin"')


def test_a_wrong_secret_lets_nobody_in_and_the_audit_says_so_once_a_minute(machine):
    for _ in range(3):
        assert machine.ask_token(secret="wrong").status_code == 401
    event = AuditEvent.objects.get(action="api.turned_away")
    assert event.details["problem"] == "invalid-client"


def test_nothing_but_post_gets_a_token(db):
    answer = Browser().get("/api/oauth/token")
    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, "POST", "application/problem+json")


def test_a_token_is_for_what_stil_lets_the_system_use(supplier, sune):
    system = make_system(supplier, "Kun eksport")
    Connection.objects.filter(system=system, service=WebService.IMPORT).delete()
    machine = machine_of(system, sune)
    assert "import" not in machine.ask_token().json()["scope"].split()
    assert machine.ask_token("import").json()["error"] == "invalid_scope"
    assert machine.ask_token("eksport").status_code == 200
    assert machine.ask_token("eksport noget-andet").json()["error"] == "invalid_scope"


def test_a_passive_system_gets_no_token_and_its_tokens_lead_nowhere(machine, sune):
    assert machine.get(AGREEMENTS).status_code == 200
    services.switch_system(machine.system, SystemAction.PASSIVATE, by=sune.actor)
    assert machine.ask_token().json()["error"] == "invalid_scope"
    answer = machine.get(AGREEMENTS)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:unilogin:problem:no-agreement")
    services.switch_system(machine.system, SystemAction.ACTIVATE, by=sune.actor)
    assert machine.get(AGREEMENTS).status_code == 200


def test_the_end_of_the_connection_agreement_ends_what_its_tokens_do(machine):
    assert machine.get(AGREEMENTS).status_code == 200
    Connection.objects.filter(service=WebService.EXPORT).update(state=ConnectionState.ENDED, ended_at=timezone.now())
    assert machine.get(AGREEMENTS).status_code == 403


def test_without_a_token_it_is_said_where_one_gets_it(db):
    answer = Browser().get(AGREEMENTS)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Unilogin"')
    assert "/api/oauth/token" in answer.json()["detail"]
    assert not AuditEvent.objects.exists()


def test_a_foreign_token_does_not_count_and_the_audit_knows(machine):
    machine.given = secrets.token_urlsafe(32)
    answer = machine.get(AGREEMENTS)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:unilogin:problem:invalid-token")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    assert AuditEvent.objects.get(action="api.turned_away").details["problem"] == "invalid-token"


def test_an_expired_token_does_not_count_and_the_audit_knows_whose(machine):
    assert machine.get(AGREEMENTS).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        answer = machine.get(AGREEMENTS)
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:unilogin:problem:invalid-token")
    event = AuditEvent.objects.get(action="api.turned_away")
    assert (event.object_type, event.object_id) == ("dataagreements.system", str(machine.system.pk))


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("import", AGREEMENTS),
        ("eksport", "/ims/oneroster/rostering/v1p2/orgs"),
        (CORE, "/ims/oneroster/rostering/v1p2/demographics"),
        (clients.ROSTER_DEMOGRAPHICS, "/ims/oneroster/rostering/v1p2/users"),
        (CORE, AGREEMENTS),
    ],
)
def test_a_token_for_something_else_is_not_enough(machine, scope, path):
    machine.given = machine.ask_token(scope).json()["access_token"]
    answer = machine.get(path)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]
    assert AuditEvent.objects.get(action="api.turned_away").details["problem"] == "insufficient-scope"


@pytest.mark.parametrize("resource", ["orgs", "demographics"])
def test_the_widest_scope_of_oneroster_holds_the_other_two(machine, resource):
    machine.given = machine.ask_token(clients.ROSTER).json()["access_token"]
    assert machine.get(f"/ims/oneroster/rostering/v1p2/{resource}").status_code == 200


def test_a_narrower_scope_of_it_can_be_had(machine):
    answer = machine.ask_token(f"{CORE} {clients.ROSTER_DEMOGRAPHICS}")
    assert set(answer.json()["scope"].split()) == {CORE, clients.ROSTER_DEMOGRAPHICS}


def test_oneroster_turns_away_in_its_own_words(db):
    answer = Browser().get("/ims/oneroster/rostering/v1p2/users")
    assert answer.status_code == 401
    minor = answer.json()["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"]
    assert minor == "unauthorisedrequest"


def test_a_revoked_access_and_its_tokens_count_no_more(machine, sune):
    assert machine.get(AGREEMENTS).status_code == 200
    assert services.revoke_client(Client.objects.get(), by=sune.actor)
    assert machine.get(AGREEMENTS).status_code == 401
    assert machine.ask_token().status_code == 401
    assert not services.revoke_client(Client.objects.get(), by=sune.actor)


def test_a_secret_outlives_a_change_of_the_key_that_hashes_it(machine, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "b" * 60
    assert machine.ask_token().status_code == 200
    assert Client.objects.get().secret_hash == crypto.fingerprint(machine.secret, "client.secret")
    settings.SECRET_KEY_FALLBACKS = []
    assert machine.ask_token().status_code == 200


def test_a_token_is_forgotten_a_week_after_its_end(machine):
    assert machine.token
    tasks.forget_old()
    assert AccessToken.objects.exists()
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        tasks.forget_old()
    assert not AccessToken.objects.exists()


def test_answers_are_in_danish_or_in_the_language_that_is_asked_for(db):
    danish, english = Browser().get(AGREEMENTS), Browser().get(AGREEMENTS, headers={"Accept-Language": "en"})
    assert (danish["Content-Language"], english["Content-Language"]) == ("da", "en")
    assert danish.json()["title"] != english.json()["title"]
    assert danish["Cache-Control"] == "private, no-cache"


# The supplier's page


def path_of(system, rest: str = "") -> str:
    return f"/tilslutning/udbyder/systemer/{system.pk}/{rest}"


def test_a_supplier_makes_an_access_and_sees_its_secret_once(system, sune):
    client = sune.client()
    assert "Ingen endnu" in client.get(path_of(system)).content.decode()
    form = client.get(path_of(system, "adgang/")).context["form_key"]
    page = client.post(path_of(system, "adgang/"), {"form_key": form})
    made = Client.objects.get()
    secret = page.context["made"].secret
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert Machine(system, made.client_id, secret).ask_token().status_code == 200
    again = client.post(path_of(system, "adgang/"), {"form_key": form}, follow=True).content.decode()
    assert "kan ikke vises igen" in again
    assert secret not in again
    assert made.client_id in again
    event = AuditEvent.objects.get(action="client.made")
    assert secret not in json.dumps(event.details)


def test_two_accesses_work_at_a_time_and_no_third_is_made(system, sune):
    client = sune.client()
    for _ in range(2):
        client.post(path_of(system, "adgang/"), {"form_key": secrets.token_hex(16)})
    page = client.post(path_of(system, "adgang/"), {"form_key": secrets.token_hex(16)}).content.decode()
    assert "allerede to" in page
    assert Client.objects.count() == 2
    with pytest.raises(DomainError):
        services.make_client(system, "a" * 32, by=sune.actor)


def test_a_form_without_its_key_makes_nothing(system, sune):
    client = sune.client()
    for key in ("", "x", "A" * 32):
        assert client.post(path_of(system, "adgang/"), {"form_key": key}).status_code == 200
    assert not Client.objects.exists()


def test_a_supplier_revokes_after_a_page_that_says_what_it_means(machine, sune):
    client, row = sune.client(), Client.objects.get()
    path = path_of(machine.system, f"adgang/{row.pk}/")
    assert row.client_id in client.get(path).content.decode()
    assert "Adgangen er tilbagekaldt" in client.post(path, follow=True).content.decode()
    assert client.post(path).status_code == 302
    assert client.get(path).status_code == 302
    assert machine.ask_token().status_code == 401
    assert AuditEvent.objects.filter(action="client.revoked").count() == 1


def test_stil_revokes_where_a_secret_has_leaked_and_makes_none(machine, logged_in):
    row = Client.objects.get()
    path = path_of(machine.system, f"adgang/{row.pk}/")
    olga = logged_in("olga")
    assert path in olga.get(path_of(machine.system)).content.decode()
    assert "Adgangen er tilbagekaldt" in olga.post(path, follow=True).content.decode()
    assert machine.ask_token().status_code == 401
    assert AuditEvent.objects.get(action="client.revoked").actor_role == Role.OPERATOR
    assert olga.post(path_of(machine.system, "adgang/"), {"form_key": "a" * 32}).status_code == 403


def test_nobody_else_touches_a_systems_access(machine, nadia, officer, logged_in, supplier):
    row = Client.objects.get()
    other = officer("En anden", cvr="90005678")
    elsewhere = make_system(supplier, "Et andet system")
    for rest in ("adgang/", f"adgang/{row.pk}/"):
        assert other.client().post(path_of(machine.system, rest), {"form_key": "a" * 32}).status_code == 404
        assert nadia.client().get(path_of(machine.system, rest)).status_code == 404
        assert logged_in("karim").post(path_of(machine.system, rest), {"form_key": "a" * 32}).status_code == 403
    assert other.client().get(path_of(elsewhere, f"adgang/{row.pk}/")).status_code == 404
    assert Client.objects.get().revoked_at is None
