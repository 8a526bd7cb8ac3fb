"""*Hvem har set og ændret*: what is told of help, approvals and lookups, to whom, and how the list is narrowed."""

import pytest
from django.utils import timezone

from accounts import audit, reset_windows, services, step_ups
from accounts.mitunilogin import demo
from accounts.mitunilogin.told import ABOUT_CHILD, ABOUT_SELF, Kind
from accounts.models import AuditEvent, ContactRelation, SecretForm, ServiceLink
from institutions.roles import Right

AT = "/mit-unilogin/historik/"
TEACHER = {"role": "Lærer", "institution": "101001"}
NAMES = ("Tove", "Bang", "Leif", "Dam", "tove1168", "leif8835")


@pytest.fixture
def mette(logged_in):
    return logged_in("mette")


def rows(client, **narrowed: str) -> str:
    page = client.get(AT, narrowed)
    assert page.status_code == 200
    return page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]


def reset(cast, child: str = "esther") -> None:
    (window,) = reset_windows.open_for([cast[child]], by=cast["tove"], **TEACHER).windows
    reset_windows.choose(window, window.animal)
    mark = services.secret_mark(cast[child])
    reset_windows.use(window.pk, services.hash_of("x"), expected_mark=mark, form=SecretForm.PICTURES)


def approve(cast, child: str = "esther", **by) -> None:
    demo.offer()
    asked = step_ups.ask(cast[child], ServiceLink.objects.get(slug="laesebroen"), login_id="a" * 32)
    step_ups.approve([asked], **({"by": cast["tove"], **TEACHER} | by))


def test_parents_see_that_the_school_gave_a_new_password_in_which_role_but_no_name(mette, cast):
    reset(cast)
    shown = rows(mette)
    assert "Esther: Der blev åbnet for en ny adgangskode" in shown
    assert "Esther: Der blev lavet en ny adgangskode med hjælp fra skolen" in shown
    assert shown.count("Lærer på Lærkeskolen") == 2
    assert not any(name in shown for name in NAMES)


def test_the_child_sees_it_too(logged_in, cast):
    reset(cast)
    assert "Der blev lavet en ny adgangskode med hjælp fra skolen" in rows(logged_in("esther"))


def test_a_window_closed_for_a_wrong_picture_is_told(mette, cast):
    (window,) = reset_windows.open_for([cast["esther"]], by=cast["tove"], **TEACHER).windows
    wrong = next(one for one in window.shown if one != window.animal)
    reset_windows.choose(window, wrong)
    assert "Esther: Lukket: Der blev valgt et forkert billede" in rows(mette)


def test_an_approval_is_told_with_the_services_name_and_the_role(mette, cast):
    approve(cast)
    assert "Esther: En voksen godkendte: Læsebroen" in rows(mette)
    assert "Lærer på Lærkeskolen" in rows(mette)


def test_ones_own_approval_is_you_and_the_other_parents_is_a_parent(mette, logged_in, cast):
    approve(cast, by=cast["mette"], role="Kontaktperson", institution="")
    assert '<td data-title="Hvem">Dig</td>' in rows(mette)
    assert "En forælder" in rows(logged_in("esther"))


def test_an_administrator_is_called_so(mette, cast):
    services.block(cast["esther"], by=cast["leif"], role=Right.PUPIL_ACCESS, institution="101001")
    services.unblock(cast["esther"], by=cast["leif"], role=Right.PUPIL_ACCESS, institution="101001")
    shown = rows(mette)
    for text in ("Kontoen blev spærret", "Kontoen blev åbnet igen", "Brugeradministrator på Lærkeskolen"):
        assert text in shown
    assert "urn:" not in shown


@pytest.mark.parametrize("action", sorted(ABOUT_CHILD))
def test_everything_that_is_done_to_a_child_is_told_in_danish_to_parents_and_the_child(mette, logged_in, cast, action):
    audit.record(action, by=cast["tove"], subject=cast.person("esther"), **TEACHER)
    for shown in (rows(mette), rows(logged_in("esther"))):
        assert "Lærer på Lærkeskolen" in shown
        assert action not in shown
        assert not any(name in shown for name in NAMES)


@pytest.mark.parametrize("action", sorted(set(ABOUT_SELF) - ABOUT_CHILD))
def test_what_a_child_does_itself_is_not_the_parents_business(mette, logged_in, cast, action):
    audit.record(action, by=cast["esther"], subject=cast.person("esther"))
    assert rows(mette) == ""
    assert "Dig" in rows(logged_in("esther"))


def test_what_nobody_did_is_not_blamed_on_anybody(mette, cast):
    audit.record("window.expired", by=None, subject=cast.person("esther"))
    assert "Af sig selv" in rows(mette)


def test_who_has_no_custody_sees_nothing_of_the_child(logged_in, cast):
    reset(cast)
    assert rows(logged_in("anna")) == ""
    esther = str(cast.person("esther").pk)
    assert rows(logged_in("anna"), om=esther) == ""


def test_custody_that_ended_ends_the_sight(mette, cast):
    reset(cast)
    ContactRelation.objects.update(to_date=timezone.localdate())
    assert rows(mette) == ""


# Narrowing


def test_the_list_is_narrowed_to_oneself_or_to_one_child(mette, cast):
    for name in ("mette", "esther", "viggo"):
        audit.record("username.shown", by=cast["mette"], subject=cast.person(name))
    assert rows(mette).count("<tr>") == 3
    assert rows(mette, om="mig").count("Brugernavnet blev vist") == 1
    assert ":" not in rows(mette, om="mig").partition("Hvad")[2].partition("</td>")[0]
    shown = rows(mette, om=str(cast.person("viggo").pk))
    assert "Viggo: Brugernavnet blev vist" in shown
    assert shown.count("<tr>") == 1


@pytest.mark.parametrize("kind", Kind)
def test_the_list_is_narrowed_to_one_kind(mette, cast, kind):
    for action in ABOUT_SELF:
        audit.record(action, by=cast["mette"], subject=cast.person("mette"))
    assert rows(mette, slags=kind).count("<tr>") == sum(1 for told in ABOUT_SELF.values() if told.kind is kind) > 2


def test_another_persons_key_and_nonsense_narrow_nothing_and_show_nothing_else(mette, cast):
    audit.record("username.shown", by=cast["mette"], subject=cast.person("mette"))
    audit.record("username.shown", by=cast["mette"], subject=cast.person("emil"))
    for about in (str(cast.person("emil").pk), "x", "9" * 40, "mig\0"):
        shown = rows(mette, om=about, slags=about)
        assert shown.count("<tr>") == 1
        assert "Emil" not in shown


def test_nothing_that_fits_says_so_and_leads_back_to_everything(mette, cast):
    audit.record("username.shown", by=cast["mette"], subject=cast.person("mette"))
    page = mette.get(AT, {"slags": "godkendelser"}).content.decode()
    assert "Intet passer" in page
    assert f'href="{AT}"' in page


def test_who_has_no_children_is_asked_for_the_kind_only(logged_in):
    page = logged_in("karim").get(AT).content.decode()
    assert 'name="slags"' in page
    assert 'name="om"' not in page


def test_pages_keep_what_was_chosen(mette, cast):
    for _ in range(60):
        audit.record("username.shown", by=cast["mette"], subject=cast.person("mette"))
    page = mette.get(AT, {"slags": "opslag", "om": "mig"}).content.decode()
    assert "slags=opslag&amp;om=mig&amp;side=2" in page
    assert rows(mette, slags="opslag", om="mig", side="2").count("<tr>") == 10


def test_queries_do_not_grow_with_services_and_events(mette, cast, django_assert_max_num_queries):
    demo.offer()
    for number in range(30):
        slug = ("laesebroen", "proevebanken", "gone")[number % 3]
        audit.record("step_up.approved", by=cast["tove"], subject=cast.person("esther"), service=slug, **TEACHER)
    with django_assert_max_num_queries(9):
        assert "gone" in rows(mette)


def test_every_action_that_is_told_of_has_a_kind_and_short_words():
    assert all(len(str(told.words)) < 60 for told in ABOUT_SELF.values())
    assert not AuditEvent._meta.get_field("action").max_length < max(map(len, ABOUT_SELF))
