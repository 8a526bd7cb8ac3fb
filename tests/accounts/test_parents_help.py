"""Parents who help: with their own MitID, for a child in their custody only (D3.3, D3.4 D)."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import reset_windows, services
from accounts.models import AuditEvent, ContactRelation, Credential, SecretForm, User
from accounts.states import UserState
from tests.cast import CPR, PASSWORD, SOURCE

from .grids import choose, new_pictures

MISMATCH = "Dette MitID passer ikke til brugernavnet"


@pytest.fixture
def mette(logged_in) -> Client:
    """Mette on Mit Unilogin, logged in with a password only."""
    return logged_in("mette")


@pytest.fixture
def emils_mother(cast) -> User:
    """Mette has custody of emil too, who is in 5.A and types words."""
    ContactRelation.objects.create(
        child=cast.person("emil"),
        contact=cast.person("mette"),
        institution="101001",
        source=SOURCE,
        relation="Mor",
        custody=True,
        access_level=2,
        from_date=timezone.localdate(),
    )
    return cast["mette"]


def way(cast, child: str = "esther") -> str:
    return f"/mit-unilogin/boern/{cast.person(child).pk}/adgangskode/"


def begin(client: Client, cast, mitid, child: str = "esther", *, as_whom: str = "mette"):
    """Press the button on Mit Unilogin, and come back from MitID."""
    assert "/test-mitid/" in client.get(way(cast, child)).headers["Location"]
    return mitid(client, as_whom, "child_password")


def shown_word(client: Client) -> str:
    page = client.get("/login/din-nye-adgangskode/").content.decode()
    return re.search(r'class="secret-word[^"]*"[^>]*>([^<]+)<', page).group(1)


def is_still_emils(cast) -> bool:
    return services.secret_is(cast["emil"], PASSWORD)


# The way


def test_from_mit_unilogin_a_parent_gives_a_small_child_pictures_and_the_child_logs_in(mette, cast, mitid):
    assert begin(mette, cast, mitid).headers["Location"] == "/login/besked/"
    told = mette.get("/login/besked/").content.decode()
    assert "Esther får en ny adgangskode" in told
    assert "fire billeder" in told
    ids = new_pictures(mette)
    mette.post("/login/din-nye-adgangskode/")
    assert choose(mette, ids, "/login/gentag-billeder/").headers["Location"] == "/login/faerdig/"
    assert Credential.objects.get(user=cast["esther"]).form == SecretForm.PICTURES
    child = Client()
    child.post("/login/brugernavn/", {"username": "esth7204"})
    assert choose(child, ids).headers["Location"] == "/mit-unilogin/"


def test_and_an_older_child_words(mette, cast, mitid, emils_mother, type_in):
    begin(mette, cast, mitid, "emil")
    assert "Emil får en ny adgangskode" in mette.get("/login/besked/").content.decode()
    word = shown_word(mette)
    mette.post("/login/din-nye-adgangskode/")
    page = mette.post("/login/gentag/", {"password": word}, follow=True).content.decode()
    assert "Den nye adgangskode er gemt" in page
    assert "Tilbage til Mit Unilogin" in page
    child = Client()
    type_in(child, "emil6613", word)
    assert "Hej Emil" in child.get("/mit-unilogin/").content.decode()


def test_the_childs_other_screens_are_logged_out_and_the_parents_is_not(mette, cast, mitid, emils_mother, type_in):
    tablet = Client()
    type_in(tablet, "emil6613")
    begin(mette, cast, mitid, "emil")
    word = shown_word(mette)
    mette.post("/login/din-nye-adgangskode/")
    mette.post("/login/gentag/", {"password": word})
    assert tablet.get("/mit-unilogin/").status_code == 302
    assert "Hej Mette" in mette.get("/mit-unilogin/").content.decode()


def test_the_history_says_a_parent_helped_and_to_her_that_it_was_she(mette, logged_in, cast, mitid):
    begin(mette, cast, mitid)
    ids = new_pictures(mette)
    mette.post("/login/din-nye-adgangskode/")
    choose(mette, ids, "/login/gentag-billeder/")
    event = AuditEvent.objects.get(action="password.set")
    assert (event.actor, event.actor_role, event.details) == (cast["mette"], "Kontaktperson", {"why": "child"})
    words = "Der blev lavet en ny adgangskode med hjælp fra en forælder"
    own = mette.get("/mit-unilogin/historik/").content.decode()
    assert f"Esther: {words}" in own
    assert ">Dig<" in own
    childs = logged_in("esther").get("/mit-unilogin/historik/").content.decode()
    assert words in childs
    assert "En forælder" in childs
    assert "Mette" not in childs


# By MitID, and by that of a parent in custody


@pytest.mark.parametrize("level", [0, 3])
def test_mitid_is_asked_anew_however_the_parent_is_logged_in(mette, cast, level):
    session = mette.session
    session["loa"] = level
    session.save()
    assert "/test-mitid/" in mette.get(way(cast)).headers["Location"]
    assert mette.get("/login/din-nye-adgangskode/").status_code == 302
    assert not cast["esther"].has_secret


@pytest.mark.parametrize("name", ["anna", "karim", "leif", "tove", "esther", "olga"])
def test_who_has_no_custody_does_not_learn_that_there_is_such_a_child(logged_in, cast, name):
    client = logged_in(name)
    assert client.get(way(cast)).status_code == 404
    assert client.get("/mit-unilogin/boern/999999/adgangskode/").status_code == 404


@pytest.mark.parametrize("name", ["anna", "karim", "tove"])
def test_the_mitid_of_somebody_else_at_the_parents_screen_opens_nothing(mette, cast, mitid, name):
    answer = begin(mette, cast, mitid, as_whom=name)
    page = mette.get(answer.headers["Location"])
    assert page.status_code == 403
    assert MISMATCH in page.content.decode()
    assert mette.get("/login/din-nye-adgangskode/").status_code == 302
    assert AuditEvent.objects.get(action="password.refused").actor == cast[name]


def test_nobody_becomes_an_employees_parent_by_some_institutions_word(mette, cast, mitid, emils_mother):
    ContactRelation.objects.filter(child=cast.person("emil")).update(child=cast.person("leif"))
    answer = begin(mette, cast, mitid, "leif")
    assert MISMATCH in mette.get(answer.headers["Location"]).content.decode()
    assert mette.get("/login/din-nye-adgangskode/").status_code == 302


def test_custody_that_is_lost_before_mitid_answers_stops_it(mette, cast, mitid):
    mette.get(way(cast))
    ContactRelation.objects.update(to_date=timezone.localdate())
    answer = mitid(mette, "mette", "child_password")
    assert MISMATCH in mette.get(answer.headers["Location"]).content.decode()
    assert not cast["esther"].has_secret


def test_custody_that_is_lost_before_the_words_are_repeated_stops_it(mette, cast, mitid, emils_mother):
    begin(mette, cast, mitid, "emil")
    word = shown_word(mette)
    mette.post("/login/din-nye-adgangskode/")
    ContactRelation.objects.filter(child=cast.person("emil")).update(custody=False)
    page = mette.post("/login/gentag/", {"password": word}, follow=True).content.decode()
    assert "Du har ikke længere forældremyndighed" in page
    assert is_still_emils(cast)


def test_one_institutions_word_for_custody_is_enough_and_its_end_is_not_anothers(mette, cast, mitid):
    ContactRelation.objects.filter(child=cast.person("esther"), contact=cast.person("mette")).update(custody=False)
    assert mette.get(way(cast)).status_code == 404
    ContactRelation.objects.create(
        child=cast.person("esther"),
        contact=cast.person("mette"),
        institution="G12345",
        source=SOURCE,
        relation="Mor",
        custody=True,
        access_level=2,
        from_date=timezone.localdate(),
    )
    assert begin(mette, cast, mitid).headers["Location"] == "/login/besked/"


# The child's account


def test_a_blocked_child_is_told_of_on_mit_unilogin_and_gets_no_password(mette, cast, mitid, emils_mother):
    User.objects.filter(pk=cast["emil"].pk).update(state=UserState.BLOCKED)
    page = mette.get("/mit-unilogin/").content.decode()
    assert "Kontoen er spærret. Spørg skolen eller dagtilbuddet." in page
    assert way(cast, "emil") not in page
    assert "Kontoen er spærret" in mette.get(way(cast, "emil"), follow=True).content.decode()
    visitor = Client()
    visitor.post("/login/brugernavn/", {"username": "emil6613"})
    assert mitid(visitor, "mette", "child_password").headers["Location"] == "/login/ingen-adgang/blocked/"
    assert mette.get("/login/din-nye-adgangskode/").status_code == 302


def test_a_child_who_is_blocked_on_the_way_keeps_the_old_password(mette, cast, mitid, emils_mother):
    begin(mette, cast, mitid, "emil")
    word = shown_word(mette)
    mette.post("/login/din-nye-adgangskode/")
    User.objects.filter(pk=cast["emil"].pk).update(state=UserState.BLOCKED)
    page = mette.post("/login/gentag/", {"password": word}, follow=True).content.decode()
    assert "Kontoen er spærret" in page
    assert is_still_emils(cast)


def test_a_child_whom_no_institution_has_any_more_gets_none(mette, cast, mitid):
    User.objects.filter(pk=cast["esther"].pk).update(is_affiliated=False)
    assert begin(mette, cast, mitid).headers["Location"] == "/login/ingen-adgang/unaffiliated/"


def test_a_parent_who_is_blocked_helps_nobody(cast, mitid):
    client = Client()
    User.objects.filter(pk=cast["mette"].pk).update(state=UserState.BLOCKED)
    client.post("/login/brugernavn/", {"username": "esth7204"})
    assert mitid(client, "mette", "child_password").headers["Location"] == "/login/ingen-adgang/blocked/"


# Two at a time


def test_of_a_parent_and_a_teacher_at_once_the_first_wins_and_the_second_is_told(mette, cast, mitid, emils_mother):
    begin(mette, cast, mitid, "emil")
    word = shown_word(mette)
    mette.post("/login/din-nye-adgangskode/")
    (window,) = reset_windows.open_for([cast["emil"]], by=cast["tove"], role="Lærer", institution="101001").windows
    reset_windows.choose(window, window.animal)
    mark = services.secret_mark(cast["emil"])
    reset_windows.use(window.pk, services.hash_of("ny"), expected_mark=mark, form=SecretForm.WORDS)
    page = mette.post("/login/gentag/", {"password": word}, follow=True).content.decode()
    assert "Adgangskoden er blevet skiftet i mellemtiden" in page
    assert services.secret_is(cast["emil"], "ny")


def test_the_right_to_help_lasts_a_quarter_of_an_hour(mette, cast, mitid, emils_mother):
    begin(mette, cast, mitid, "emil")
    word = shown_word(mette)
    mette.post("/login/din-nye-adgangskode/")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        mette.post("/login/gentag/", {"password": word})
    assert is_still_emils(cast)


def test_a_receipt_that_is_sent_once_more_changes_nothing(mette, cast, mitid, emils_mother):
    begin(mette, cast, mitid, "emil")
    word = shown_word(mette)
    mette.post("/login/din-nye-adgangskode/")
    for _ in range(2):
        mette.post("/login/gentag/", {"password": word})
    assert AuditEvent.objects.filter(action="password.set").count() == 1


# What the parent sees of it


def test_mit_unilogin_says_which_child_logs_in_with_pictures(mette, cast):
    assert "Logger på med billeder" not in mette.get("/mit-unilogin/").content.decode()
    esther = cast["esther"]
    esther.password = cast["emil"].password
    esther.save(update_fields=["password"])
    Credential.objects.create(user=esther, band=esther.band, form=SecretForm.PICTURES, made_at=timezone.now())
    page = mette.get("/mit-unilogin/").content.decode()
    assert "Logger på med billeder." in page
    assert "Få nye billeder" in page


def test_no_cpr_number_and_no_password_stands_on_the_parents_pages(mette, cast, mitid, emils_mother):
    begin(mette, cast, mitid, "emil")
    word = shown_word(mette)
    mette.post("/login/din-nye-adgangskode/")
    pages = [mette.get("/login/gentag/"), mette.post("/login/gentag/", {"password": word}, follow=True)]
    pages += [mette.get("/mit-unilogin/"), mette.get("/mit-unilogin/historik/")]
    for page in pages:
        text = page.content.decode()
        assert word not in text
        assert all(cpr not in text for cpr in CPR.values())
