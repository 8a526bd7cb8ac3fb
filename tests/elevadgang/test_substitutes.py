"""Lending a class to a colleague until a day, and taking it back (D3.5)."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Person, User
from accounts.states import UserState
from institutions import substitutes
from institutions.actor import RIGHTS_SESSION_KEY
from institutions.models import Group, Membership, SubstituteAccess
from institutions.roles import Right
from tests.cast import SOURCE
from unilogin_portal.lib.dates import today
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

AT = "/elevadgang/vikarer/"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def tove(logged_in):
    return logged_in("tove")


@pytest.fixture
def administrator(logged_in):
    """Liv, who came with MitID Erhverv and the right on the school."""
    client = logged_in("liv")
    session = client.session
    session[LOA_SESSION_KEY] = int(LevelOfAssurance.SUBSTANTIAL)
    session[RIGHTS_SESSION_KEY] = [[Right.PUPIL_ACCESS, "p", "9003766444"]]
    session.save()
    return client


def group(name: str) -> Group:
    return Group.objects.get(group_id=name)


def of(cast, name: str) -> Membership:
    return Membership.objects.get(person=cast.person(name), to_date=None)


def address(name: str = "5A", asked: str = "vera") -> str:
    return f"{AT}?klasse={group(name).pk}&q={asked}"


def lend(client, cast, name: str = "vera", *, to: str = "5A", until: dt.date | str | None = None):
    day = today() + WEEK if until is None else until
    asked = cast.person(name).first_name
    return client.post(address(to, asked), {"colleague": of(cast, name).pk, "until": str(day)}, follow=True)


def lent(cast, name: str = "vera", to: str = "5A", *, until: dt.date | None = None) -> SubstituteAccess:
    return substitutes.give_access(
        group(to), of(cast, name), until=until or today() + WEEK, by=cast["tove"], role="Lærer", institution="101001"
    )


def test_a_teacher_finds_a_colleague_and_lends_a_class_for_a_week(tove, logged_in, cast):
    page = tove.get(address()).content.decode()
    assert "Vera Juhl (Vikar)" in page
    assert f'value="{(today() + WEEK).isoformat()}"' in page
    page = lend(tove, cast)
    assert page.redirect_chain == [(AT, 302)]
    assert "Vera Juhl kan hjælpe 5A til og med" in page.content.decode()
    access = SubstituteAccess.objects.get()
    assert (access.group, access.until, access.given_by) == (group("5A"), today() + WEEK, cast["tove"])
    event = AuditEvent.objects.get(action="substitute.given")
    assert (event.actor, event.subject) == (cast["tove"], cast.person("vera"))
    assert (event.actor_role, event.actor_institution) == ("Lærer", "101001")


def test_the_substitute_helps_the_class_and_sees_until_when(logged_in, cast):
    vera, emil = logged_in("vera"), cast["emil"]
    assert "Du har ingen klasse at låne ud" in vera.get(AT).content.decode()
    assert vera.get(f"/elevadgang/klasser/{group('5A').pk}/").status_code == 404
    lent(cast)
    page = vera.get(AT).content.decode()
    assert "Lånt til dig" in page
    assert "5A" in page
    assert "Tove Bang" in page
    assert vera.get(f"/elevadgang/elever/{emil.pk}/").status_code == 200


def test_who_has_lent_is_seen_by_colleagues_with_the_same_class_and_nobody_else(logged_in, cast):
    lent(cast, to="2A")
    Membership.objects.filter(person=cast.person("mette")).first().groups.add(group("2A"))
    page = logged_in("mette").get(AT).content.decode()
    assert "Vera Juhl" in page
    assert "Tove Bang" in page
    for stranger in ("bo", "karim", "leif"):
        assert "Vera" not in logged_in(stranger).get(AT).content.decode()


def test_lending_again_moves_the_day(tove, cast):
    lend(tove, cast)
    lend(tove, cast, until=today() + WEEK * 2)
    assert SubstituteAccess.objects.get().until == today() + WEEK * 2


@pytest.mark.parametrize("text", ["{:%d.%m.%Y}", "{:%d-%m-%Y}", "{:%d/%m/%Y}", "{:%Y-%m-%d}"])
def test_days_are_read_as_people_type_them(tove, cast, text):
    lend(tove, cast, until=text.format(today() + WEEK))
    assert SubstituteAccess.objects.get().until == today() + WEEK


@pytest.mark.parametrize("days", [-1, 93, 4000])
def test_a_day_that_is_over_or_too_far_ahead_is_refused_at_the_field(tove, cast, days):
    page = lend(tove, cast, until=today() + dt.timedelta(days=days)).content.decode()
    assert "Vælg en dag fra i dag og højst tre måneder frem." in page
    assert "Fejl:" in page
    assert not SubstituteAccess.objects.exists()


@pytest.mark.parametrize("days", [0, 92])
def test_the_first_and_the_last_day_are_taken(tove, cast, days):
    lend(tove, cast, until=today() + dt.timedelta(days=days))
    assert SubstituteAccess.objects.exists()


def test_what_is_left_out_is_asked_for(tove, cast):
    page = tove.post(address(), {"until": ""}).content.decode()
    assert "Vælg den sidste dag" in page
    page = tove.get(AT, {"klasse": "", "q": ""}).content.decode()
    for text in ("Vælg en klasse", "Skriv kollegaens navn"):
        assert text in page


@pytest.mark.parametrize("name", ["karim", "ida", "emil", "mette"])
def test_nobody_but_a_current_employee_of_the_school_can_be_chosen(tove, cast, name):
    """Karim works elsewhere, Ida has left, Emil is a pupil; Mette is the one who works here."""
    membership = Membership.objects.filter(person=cast.person(name)).order_by("pk").last()
    page = tove.post(address(asked=name), {"colleague": membership.pk, "until": str(today())}, follow=True)
    assert SubstituteAccess.objects.exists() == (name == "mette")
    if name != "mette":
        assert "Ingen kollega hedder" in page.content.decode()


def test_a_colleague_who_left_between_search_and_choice_is_refused(tove, cast):
    pk = of(cast, "vera").pk
    Membership.objects.filter(pk=pk).update(to_date=today())
    tove.post(address(), {"colleague": pk, "until": str(today())})
    assert not SubstituteAccess.objects.exists()


def test_the_service_itself_reads_whether_the_colleague_has_left(cast):
    stale = of(cast, "vera")
    Membership.objects.filter(pk=stale.pk).update(to_date=today())
    with pytest.raises(DomainError):
        substitutes.give_access(group("5A"), stale, until=today(), by=cast["tove"], role="Lærer", institution="101001")


def test_a_blocked_account_and_ones_own_are_not_found(tove, cast):
    User.objects.filter(pk=cast["vera"].pk).update(state=UserState.BLOCKED)
    assert "Ingen kollega hedder" in tove.get(address()).content.decode()
    assert "Ingen kollega hedder" in tove.get(address(asked="tove")).content.decode()


def test_protected_people_are_found_by_their_alias_only(tove):
    assert "Ane Bech" in tove.get(address(asked="bech")).content.decode()
    page = tove.get(address(asked="skov")).content.decode()
    assert "Ane" not in page
    assert "Ingen kollega hedder" in page


def test_names_are_found_by_any_part_in_any_case(tove, cast):
    Person.objects.filter(pk=cast["vera"].person_id).update(first_name="Åse Vera")
    for asked in ("åse", "ÅSE juhl", "juhl v"):
        assert "Åse Vera Juhl" in tove.get(AT, {"klasse": group("5A").pk, "q": asked}).content.decode()


@pytest.mark.parametrize("to", ["9B", "Solen"])
def test_only_ones_own_class_can_be_lent(tove, cast, to):
    page = tove.get(address(to))
    assert "Vælg en af dine egne klasser" in page.content.decode()
    assert lend(tove, cast, to=to).status_code == 404
    assert not SubstituteAccess.objects.exists()


def test_a_substitute_cannot_lend_on_nor_end(logged_in, cast):
    access, vera = lent(cast), logged_in("vera")
    assert lend(vera, cast, "bo").status_code == 404
    assert vera.post(f"{AT}{access.pk}/afslut/").status_code == 404
    assert SubstituteAccess.objects.filter(ended_at=None).count() == 1


def test_a_teacher_whose_employment_ended_lends_nothing(tove, cast):
    Membership.objects.filter(person=cast.person("tove")).update(to_date=today())
    assert lend(tove, cast).status_code == 403


def test_a_user_administrator_lends_any_class_of_the_school(administrator, cast):
    lend(administrator, cast, to="9B")
    event = AuditEvent.objects.get(action="substitute.given")
    assert event.actor_role == Right.PUPIL_ACCESS
    assert lend(administrator, cast, to="Solen").status_code == 404


def test_the_right_without_mitid_lends_nothing(administrator, cast):
    session = administrator.session
    session[LOA_SESSION_KEY] = 0
    session.save()
    assert lend(administrator, cast).status_code == 404


# Taking it back


def test_ending_asks_first_and_takes_the_class_back_at_once(tove, logged_in, cast):
    access, vera = lent(cast), logged_in("vera")
    path = f"{AT}{access.pk}/afslut/"
    assert path in tove.get(AT).content.decode()
    assert "Vera Juhl" in tove.get(path).content.decode()
    assert SubstituteAccess.objects.get().ended_at is None
    page = tove.post(path, follow=True).content.decode()
    assert "Vera Juhl kan ikke længere hjælpe 5A." in page
    assert vera.get(f"/elevadgang/elever/{cast['emil'].pk}/").status_code == 404
    event = AuditEvent.objects.get(action="substitute.ended")
    assert (event.actor, event.subject, event.actor_role) == (cast["tove"], cast.person("vera"), "Lærer")


def test_a_second_click_finds_nothing_to_end(tove, cast):
    access = lent(cast)
    assert [tove.post(f"{AT}{access.pk}/afslut/").status_code for _ in range(2)] == [302, 404]
    assert AuditEvent.objects.filter(action="substitute.ended").count() == 1


@pytest.mark.parametrize("name", ["bo", "karim", "leif", "mette"])
def test_others_cannot_end_it(logged_in, cast, name):
    access = lent(cast)
    for method in ("get", "post"):
        assert getattr(logged_in(name), method)(f"{AT}{access.pk}/afslut/").status_code == 404


def test_the_access_ends_by_itself_after_its_day(tove, logged_in, cast):
    access = lent(cast)
    SubstituteAccess.objects.filter(pk=access.pk).update(until=today() - dt.timedelta(days=1))
    assert "Ingen er vikar nu" in tove.get(AT).content.decode()
    assert "Lånt til dig" not in logged_in("vera").get(AT).content.decode()
    assert tove.get(f"{AT}{access.pk}/afslut/").status_code == 404


def test_queries_do_not_grow_with_colleagues_and_classes(tove, cast, django_assert_max_num_queries):
    for number in range(30):
        person = Person.objects.create(
            cpr=Person.sealed_cpr(f"{number:010d}"), first_name=f"Vera{number:02}", family_name="Juhl"
        )
        User.objects.create(person=person, username=f"vera{number:04d}", actor_group="Medarbejder", is_affiliated=True)
        Membership.objects.create(
            person=person,
            institution=cast.school,
            source=SOURCE,
            local_person_id=f"v{number}",
            kind="employee",
            roles=["Vikar"],
            from_date=timezone.localdate(),
        )
        substitutes.give_access(
            group("5A"),
            Membership.objects.get(person=person),
            until=today() + WEEK,
            by=cast["tove"],
            role="Lærer",
            institution="101001",
        )
    with django_assert_max_num_queries(9):
        page = tove.get(address()).content.decode()
    assert len(re.findall(r'type="radio"', page)) == 20
    assert "Skriv mere af navnet" in page
    assert page.count("/afslut/") == 30
