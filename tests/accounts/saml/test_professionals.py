"""People who come for an organisation with MitID Erhverv and a right, and whom no institution delivers (D8.4)."""

import pytest
from django.test import Client

from accounts.models import AuditEvent, Professional, User
from accounts.states import UserState
from institutions.demo import cast as cast_of_the_demo
from tests.cast import Cast

from .test_testidp import Visit, key_of, put_mette_of_the_demo_in

RIGHT = "urn:dk:unilogin:tilslutning:administrer"
NADIA = cast_of_the_demo.NADIA


@pytest.fixture
def officer(db: None) -> Client:
    """Nadia Færch of Roskilde Kommune, logged in."""
    put_mette_of_the_demo_in()
    return arrive()


def arrive(**who: object) -> Client:
    visit = Visit(next_path="/mit-unilogin/")
    assert visit.arrive(key_of(NADIA), kind="professional", **who)["Location"] == "/mit-unilogin/"
    return visit.client


def test_an_officer_comes_in_with_name_organisation_and_rights(officer: Client):
    page = officer.get("/mit-unilogin/").content.decode()
    assert "Hej Nadia Færch" in page
    assert "Nadia Færch, Roskilde Kommune" in page
    user = User.objects.get(is_professional=True)
    assert (user.person, user.state, user.has_secret) == (None, UserState.ACTIVE, False)
    assert Professional.objects.get().cvr == NADIA.professional.cvr


def test_the_same_officer_has_the_same_account_the_next_time(officer: Client):
    arrive()
    assert User.objects.filter(is_professional=True).count() == 1
    created = AuditEvent.objects.get(action="user.professional_created")
    assert created.details["organisation"] == NADIA.professional.cvr


def test_for_another_organisation_it_is_another_account(officer: Client):
    arrive(cvr="12345674", organisation="Et andet sted", rights=[RIGHT])
    assert {one.cvr for one in Professional.objects.all()} == {NADIA.professional.cvr, "12345674"}


def test_the_account_tells_nobody_its_mitid_identity(officer: Client):
    row = Professional.objects.get()
    assert officer.session["mitid_session"]["name_id"] not in "".join(map(str, vars(row).values()))
    assert AuditEvent.objects.filter(action="login.admitted", subject=None, actor=row.user).exists()


def test_its_user_name_opens_no_other_way_in(officer: Client):
    username = User.objects.get(is_professional=True).username
    page = Client().post("/login/brugernavn/", {"username": username}).content.decode()
    assert "Brugernavnet skal være fire bogstaver og fire tal" in page


def test_without_a_right_here_nobody_comes_in_so(db: None):
    put_mette_of_the_demo_in()
    for rights in ([], ["urn:dk:example:something:else"]):
        visit = Visit()
        choice = visit.choose(key_of(cast_of_the_demo.PETER), kind="professional", cvr="12345674", rights=rights)
        if choice.status_code == 200 and b"SAMLResponse" in choice.content:
            visit.send(choice)
            visit.client.get("/mitid/fortsaet/")
    assert not User.objects.filter(is_professional=True).exists()


def test_private_mitid_makes_no_such_account(db: None):
    put_mette_of_the_demo_in()
    assert "unknown" in Visit().arrive(key_of(NADIA), kind="person")["Location"]
    assert not User.objects.filter(is_professional=True).exists()


def test_a_blocked_officer_is_turned_away(officer: Client):
    User.objects.filter(is_professional=True).update(state=UserState.BLOCKED)
    visit = Visit()
    assert "blocked" in visit.arrive(key_of(NADIA), kind="professional")["Location"]
    assert officer.get("/mit-unilogin/").status_code == 302


def test_whom_an_institution_has_comes_as_themselves(cast: Cast):
    visit = Visit()
    visit.arrive(cast["leif"], "leif", kind="professional", rights=[RIGHT])
    assert visit.client.session["_auth_user_id"] == str(cast["leif"].pk)
    assert not User.objects.filter(is_professional=True).exists()


def test_who_has_left_the_school_may_still_come_for_an_organisation(cast: Cast):
    visit = Visit()
    visit.arrive(cast["ida"], "ida", kind="professional", cvr="12345674", organisation="Forlaget", rights=[RIGHT])
    assert User.objects.get(is_professional=True).display_name == "Ida Vang"


def test_who_was_blocked_has_no_second_door(cast: Cast):
    User.objects.filter(pk=cast["ida"].pk).update(state=UserState.BLOCKED)
    visit = Visit()
    way = visit.arrive(cast["ida"], "ida", kind="professional", cvr="12345674", organisation="Forlaget", rights=[RIGHT])
    assert "blocked" in way["Location"]
    assert not User.objects.filter(is_professional=True).exists()


def test_a_changed_name_is_taken_over(officer: Client):
    User.objects.filter(is_professional=True).update(display_name="Nadia Olsen")
    arrive()
    assert User.objects.get(is_professional=True).display_name == "Nadia Færch"


def test_for_a_user_name_or_a_password_it_is_of_no_use(db: None):
    put_mette_of_the_demo_in()
    for purpose in ("username", "own_password"):
        visit = Visit(purpose)
        assert "unknown" in visit.arrive(key_of(NADIA), kind="professional")["Location"]
    assert not User.objects.filter(is_professional=True).exists()
