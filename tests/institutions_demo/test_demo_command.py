"""`manage.py demo`: the whole country, loaded as production loads."""

import datetime as dt
import re
import time
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, ContactRelation, Person, ServiceLink, User
from institutions.demo import cast, deliveries, loading
from institutions.demo.cast_ties import SCHOOL
from institutions.demo.people import country
from institutions.models import Case, ImportIssue, ImportRun, ImportSeries, Institution, Membership, RunState
from unilogin_portal.models import NewsItem

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOVEMBER = dt.datetime(2026, 11, 21, 10, 0, tzinfo=COPENHAGEN)


@pytest.fixture(autouse=True)
def place_of_its_own(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.delenv("DEMO_OPERATOR_PASSWORD", raising=False)


def demo(*arguments, at=NOVEMBER):
    with time_machine.travel(at, tick=True):
        out = StringIO()
        call_command("demo", *arguments, stdout=out)
        return out.getvalue()


def person(member):
    return Person.objects.with_cpr(member.cpr).get()


def held():
    """Return what is in the database, as far as people and institutions go."""
    return {
        "persons": list(Person.objects.order_by("pk").values_list()),
        "users": list(User.objects.order_by("pk").values_list()),
        "memberships": list(Membership.objects.order_by("pk").values_list()),
        "relations": list(ContactRelation.objects.order_by("pk").values_list()),
        "institutions": list(Institution.objects.order_by("pk").values_list()),
        "news": list(NewsItem.objects.order_by("pk").values_list()),
        "services": list(ServiceLink.objects.order_by("pk").values_list()),
    }


@pytest.mark.django_db
def test_two_nights_are_loaded_and_the_cast_is_in_place():
    demo()
    elsewhere = ImportRun.objects.exclude(institution_number=SCHOOL)
    assert set(elsewhere.values_list("state", flat=True)) == {RunState.LOADED}
    assert elsewhere.count() == 46
    assert person(cast.METTE).memberships.get().roles == ["Lærer"]
    custody = ContactRelation.objects.with_custody().filter(contact=person(cast.METTE))
    assert set(custody.values_list("child__first_name", flat=True)) == {"Esther", "Viggo"}
    assert not ContactRelation.objects.with_custody().filter(contact=person(cast.ANNA)).exists()
    assert ContactRelation.objects.current().get(contact=person(cast.ANNA)).child == person(cast.EMIL)
    assert person(cast.LIV).name == "Ane Bech"
    assert person(cast.BIRGIT).memberships.current().count() == 2
    assert person(cast.SOFIE).age(NOVEMBER.date()) == 15
    ida = person(cast.IDA)
    assert not ida.user.is_affiliated
    assert not ida.memberships.current().exists()
    for stranger in (cast.PETER, cast.NADIA, cast.SUNE):
        assert not Person.objects.with_cpr(stranger.cpr).exists()
    for member in (cast.LEIF, cast.NADIA):
        assert Institution.objects.filter(cvr=member.professional.cvr).exists()
    assert Institution.objects.filter(p_number=cast.LEIF.professional.p_number).get().name == "Tjørnegårdskolen"


@pytest.mark.django_db
def test_the_leader_of_the_casts_school_finds_three_faults_and_an_import_that_waits_for_an_answer():
    demo()
    states = ImportRun.objects.filter(institution_number=SCHOOL).order_by("pk").values_list("state", flat=True)
    assert list(states) == [RunState.LOADED, RunState.LOADED_WITH_ISSUES, RunState.AWAITING_APPROVAL]
    codes = set(ImportIssue.objects.values_list("code", flat=True))
    assert codes == {"CPR_MANGLER", "ALIAS_MANGLER", "HOVEDGRUPPE_UKENDT"}
    held = ImportRun.objects.get(state=RunState.AWAITING_APPROVAL)
    assert [stop["brake"] for stop in held.stops] == ["ending"]
    assert Membership.objects.current().filter(institution__number=SCHOOL, level="4").exists()


@pytest.mark.django_db
def test_a_second_run_changes_nothing_and_takes_no_time():
    demo()
    before, runs, events = held(), ImportRun.objects.count(), AuditEvent.objects.count()
    started = time.perf_counter()
    demo(at=NOVEMBER + dt.timedelta(minutes=5))
    assert time.perf_counter() - started < 2
    assert held() == before
    assert (ImportRun.objects.count(), AuditEvent.objects.count()) == (runs, events)


@pytest.mark.django_db
def test_the_next_day_the_same_people_are_delivered_again():
    demo()
    before = held()
    demo(at=NOVEMBER + dt.timedelta(days=1))
    assert held() == before
    assert ImportRun.objects.exclude(institution_number=SCHOOL).count() == 46 + 23
    assert ImportRun.objects.filter(state=RunState.AWAITING_APPROVAL).count() == 1
    assert min(ImportSeries.objects.values_list("last_source_time", flat=True)) > NOVEMBER


@pytest.mark.django_db
def test_in_the_next_school_year_everybody_is_as_old_as_before_and_nobody_is_lost():
    demo()
    current = Membership.objects.current().count()
    demo(at=NOVEMBER.replace(year=2027, month=8, day=15))
    esther = person(cast.ESTHER)
    assert esther.birth_date == dt.date(2019, 8, 1)
    assert esther.memberships.get().main_group.name == "2.A"
    assert Membership.objects.current().count() == current


@pytest.mark.django_db
def test_a_loading_that_was_interrupted_between_the_nights_is_finished_by_the_next(tmp_path):
    with time_machine.travel(NOVEMBER, tick=True):
        loading.load_registers(tmp_path)
        last_night = NOVEMBER.replace(hour=1) - dt.timedelta(days=1)
        deliveries.write(country(), tmp_path / "first", night=1, at=last_night, year=2026)
        call_command("import_users", str(tmp_path / "first"), stdout=StringIO())
    assert person(cast.IDA).memberships.current().exists()
    demo()
    assert not person(cast.IDA).memberships.current().exists()
    assert ImportRun.objects.count() == 49


@pytest.mark.django_db
def test_the_whole_registers_are_not_replaced_by_the_extract():
    demo()
    Institution.objects.filter(number="265015").update(name="Tjørnegårdskolen, afdeling Nord")
    demo()
    assert Institution.objects.get(number="265015").name == "Tjørnegårdskolen, afdeling Nord"


@pytest.mark.django_db
def test_five_pieces_of_news_are_published_whole_and_only_where_there_are_none():
    demo()
    assert NewsItem.objects.published().count() == 5
    for item in NewsItem.objects.all():
        item.full_clean()
        assert item.summary_da
        assert item.summary_en
    newest = NewsItem.objects.published().first()
    assert dt.timedelta(0) < NOVEMBER - newest.published_at < dt.timedelta(days=2)
    NewsItem.objects.exclude(pk=newest.pk).delete()
    demo()
    assert NewsItem.objects.get() == newest


@pytest.mark.django_db
def test_it_says_whom_one_can_be_without_a_number_a_password_or_a_protected_name(settings):
    settings.LANGUAGE_CODE = "en"
    said = demo()
    for member in cast.CAST:
        assert member.shown_name in said
    assert not re.search(r"\d{6}-?\d{4}", said)
    assert "Otto" not in said


@pytest.mark.django_db
def test_operators_are_made_only_with_a_password_from_the_environment_and_once(monkeypatch):
    demo()
    assert not User.objects.filter(is_staff=True).exists()
    monkeypatch.setenv("DEMO_OPERATOR_PASSWORD", "LampeSkov47")
    said = demo()
    assert "LampeSkov47" not in said
    assert "stil0001, stil0002" in said
    assert Case.objects.get().number in said
    first, second = User.objects.filter(is_staff=True).order_by("username")
    assert first.check_password("LampeSkov47")
    assert second.check_password("LampeSkov47")
    monkeypatch.setenv("DEMO_OPERATOR_PASSWORD", "AndetSkov48")
    demo()
    assert User.objects.get(username="stil0001").password == first.password
    assert AuditEvent.objects.filter(action="operator.appointed").count() == 2


@pytest.mark.django_db
def test_a_case_waits_for_two_supporters_and_is_opened_once():
    demo()
    demo()
    case = Case.objects.get()
    assert case.state == "created"
    assert case.institution.number == SCHOOL
    assert case.opened_by == person(cast.LEIF).user


@pytest.mark.django_db
def test_it_refuses_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        demo()
    assert not Institution.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fresh_begins_from_an_empty_database():
    demo()
    User.objects.filter(person=person(cast.METTE)).update(state="active")
    demo("--fresh")
    assert person(cast.METTE).user.state == "imported"
    assert ImportRun.objects.count() == 49
