"""A delivery that would change too much waits for a person; everything it would change is said, nothing is changed."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail

from accounts.models import AuditEvent, User
from institutions import services
from institutions.actor import Actor
from institutions.importing import brakes
from institutions.importing.report import RunReport
from institutions.models import (
    Brake,
    ChangeKind,
    ImportChange,
    ImportDelivery,
    ImportRun,
    ImportSeries,
    Membership,
    RunMode,
    RunState,
)
from unilogin_portal.lib.errors import DomainError

from .conftest import content, load_bytes, run_command
from .deliveries import SCHOOL, contact, cpr, delivery, employee, group, person, pupil

Load = Callable[[bytes], RunReport]


@pytest.fixture
def leader(institutions) -> Actor:
    return Actor.of(User.objects.create(username="lead0001", state="active", is_staff=True))


def pupils(count: int, *, first: int = 0, level: str = "3", main: str = "3a", name: str = "Anna") -> list[str]:
    return [pupil(f"e{number}", person(number, name), level=level, main=main) for number in range(first, first + count)]


CLASSES = [group(f"{level}a", level=str(level)) for level in range(10)]


def school(night: int, *rows: str, year: str = "2026-2027", groups: list[str] | None = None) -> bytes:
    return delivery(*rows, night=night, year=year, groups=groups or CLASSES)


def only_run(state: RunState = RunState.AWAITING_APPROVAL) -> ImportRun:
    return ImportRun.objects.get(state=state)


def brakes_of(run: ImportRun) -> set[str]:
    return {stop["brake"] for stop in run.stops}


EXCESSES = {
    "a tenth and more of the people leave": ([*pupils(35)], Brake.ENDING),
    "many new people come at once": ([*pupils(40), *pupils(16, first=100)], Brake.JOINING),
    "many people change their name": ([*pupils(34), *pupils(6, first=34, name="Berit")], Brake.RENAMED),
    "many local ids belong to somebody else": (
        [*pupils(37), *(pupil(f"e{number}", person(number + 500)) for number in range(37, 40))],
        Brake.CPR,
    ),
    "many pupils change class": ([*pupils(30), *pupils(10, first=30, level="4", main="4a")], Brake.MOVED),
    "pupils come as employees": (
        [*pupils(30), *(employee(f"e{number}", person(number), "Leder") for number in range(30, 40))],
        Brake.MOVED,
    ),
    "nobody is in the file": ([], Brake.EMPTY),
}


@pytest.mark.parametrize(("rows", "brake"), EXCESSES.values(), ids=EXCESSES)
def test_a_delivery_that_changes_too_much_changes_nothing_and_waits(load: Load, rows, brake):
    load(school(0, *pupils(40)))
    before = content()
    report = load(school(1, *rows))
    assert report.state == RunState.AWAITING_APPROVAL
    assert not report.is_done
    assert content() == before
    assert brake in brakes_of(only_run())
    assert ImportDelivery.objects.get().run == only_run()
    assert AuditEvent.objects.filter(action="import.held").count() == 1


NORMAL = {
    "a few leave": pupils(37),
    "a few come": [*pupils(40), *pupils(5, first=100)],
    "a few are renamed": [*pupils(38), *pupils(2, first=38, name="Berit")],
    "a few move": [*pupils(35), *pupils(5, first=35, level="4", main="4a")],
}


@pytest.mark.parametrize("rows", NORMAL.values(), ids=NORMAL)
def test_an_ordinary_night_passes_the_brakes(load: Load, rows):
    load(school(0, *pupils(40)))
    assert load(school(1, *rows)).state == RunState.LOADED


def test_a_first_delivery_is_new_all_through_and_passes(load: Load):
    assert load(school(0, *pupils(60))).state == RunState.LOADED


def test_three_of_eight_children_may_leave_a_small_place(load: Load):
    load(school(0, *pupils(8)))
    assert load(school(1, *pupils(5))).state == RunState.LOADED


def test_protection_that_many_lose_stops_it_even_under_the_same_name(load: Load):
    protected = person(0, protected="true", alias=("Anna", "Holm"))
    rows = [pupil(f"e{number}", protected.replace(cpr(0), cpr(number))) for number in range(20)]
    load(school(0, *rows))
    load(school(1, *pupils(20)))
    assert brakes_of(only_run()) == {Brake.RENAMED, Brake.PROTECTION}


def test_contact_persons_who_are_renamed_or_lose_their_protection_stop_it(load: Load):
    def rows(**of_contact: object) -> list[str]:
        return [
            pupil(f"e{number}", person(number), contact(person(1000 + number, **of_contact))) for number in range(9)
        ]

    load(school(0, *rows(first="Karen", protected="true", alias=("Ane", "Bech"))))
    load(school(1, *rows(first="Karen")))
    assert brakes_of(only_run()) == {Brake.RENAMED, Brake.PROTECTION}


def test_two_of_many_protected_people_do_not_lose_their_protection_unasked(load: Load):
    alias = ("Ane", "Bech")
    hidden = [pupil(f"h{number}", person(500 + number, protected="true", alias=alias)) for number in range(3)]
    shown = [pupil(f"h{number}", person(500 + number, *alias)) for number in range(3)]
    load(school(0, *pupils(100), *hidden))
    assert load(school(1, *pupils(100), shown[0], *hidden[1:])).state == RunState.LOADED
    load(school(2, *pupils(100), *shown))
    assert brakes_of(only_run()) == {Brake.PROTECTION}


def test_a_staff_room_does_not_become_leaders_unasked(load: Load):
    def staff(role: str) -> list[str]:
        return [employee(f"m{number}", person(700 + number), role) for number in range(10)]

    load(school(0, *pupils(50), *staff("Lærer")))
    load(school(1, *pupils(50), *staff("Leder")))
    assert brakes_of(only_run()) == {Brake.LEADERS}


def test_a_stranger_does_not_get_the_custody_of_a_class_unasked(load: Load):
    stranger = contact(person(900, "Karl"))
    load(school(0, *pupils(40)))
    load(school(1, *(pupil(f"e{number}", person(number), stranger) for number in range(40))))
    assert brakes_of(only_run()) == {Brake.CONTACTS}


def test_another_system_does_not_bring_a_school_full_of_people_unasked(load: Load):
    load(school(0, *pupils(40)))
    new = [employee(f"m{number}", person(700 + number), "Leder") for number in range(20)]
    load(delivery(*new, night=1, source="test sis"))
    assert brakes_of(only_run()) == {Brake.JOINING, Brake.LEADERS}


def test_a_second_system_with_a_few_people_is_loaded(load: Load):
    load(school(0, *pupils(40)))
    assert load(delivery(employee("m1", person(700)), night=1, source="SFO")).state == RunState.LOADED


class TestManySmallSteps:
    def test_a_school_is_not_emptied_a_few_a_night(self, load: Load):
        load(school(0, *pupils(60)))
        states = [load(school(night, *pupils(60 - 5 * night))).state for night in range(1, 6)]
        assert states == [*[RunState.LOADED] * 3, RunState.AWAITING_APPROVAL, RunState.AWAITING_APPROVAL]
        assert Brake.DRAINING in brakes_of(only_run())

    def test_what_a_person_approved_does_not_count_again(self, load: Load, leader):
        load(school(0, *pupils(60)))
        load(school(1, *pupils(30)))
        run = only_run()
        services.approve_run(run, by=leader, note="")
        services.load_waiting(run.delivery.pk)
        assert load(school(2, *pupils(27))).state == RunState.LOADED


def test_contact_persons_who_lose_their_children_stop_it(load: Load):
    def rows(custody: str) -> list[str]:
        return [
            pupil(f"e{number}", person(number), contact(person(1000 + number, "Karen"), custody=custody))
            for number in range(12)
        ]

    load(school(0, *rows("true")))
    load(school(1, *rows("false")))
    assert brakes_of(only_run()) == {Brake.CONTACTS}


class TestRollover:
    """A new school year is its own mode."""

    @pytest.fixture
    def last_year(self, load: Load) -> list[str]:
        rows = [row for level in range(9) for row in pupils(5, first=level * 5, level=str(level), main=f"{level}a")]
        load(school(0, *rows, year="2025-2026"))
        return rows

    def moved_up(self, by: int = 1) -> list[str]:
        return [
            row
            for level in range(9)
            for row in pupils(5, first=level * 5, level=str(min(level + by, 9)), main=f"{min(level + by, 9)}a")
        ]

    def test_everybody_moving_up_is_normal_then(self, load: Load, last_year):
        report = load(school(1, *self.moved_up(), year="2026-2027"))
        assert report.state == RunState.LOADED
        assert ImportRun.objects.get(pk=report.run_id).mode == RunMode.ROLLOVER
        assert ImportSeries.objects.get().school_year == "2026-2027"
        assert list(ImportRun.objects.order_by("pk").values_list("school_year", flat=True)) == [
            "2025-2026",
            "2026-2027",
        ]

    def test_the_leavers_and_the_beginners_of_a_year_are_normal_then(self, load: Load, last_year):
        rows = [*self.moved_up()[:-5], *pupils(10, first=200, level="0", main="0a")]
        assert load(school(1, *rows, year="2026-2027")).state == RunState.LOADED

    def test_moving_two_levels_up_is_not(self, load: Load, last_year):
        load(school(1, *self.moved_up(2), year="2026-2027"))
        assert Brake.MOVED in brakes_of(only_run())

    def test_everybody_moving_up_within_a_school_year_is_not(self, load: Load, last_year):
        load(school(1, *self.moved_up(), year="2025-2026"))
        assert Brake.MOVED in brakes_of(only_run())

    @pytest.mark.parametrize("year", ["2024-2025", "2027-2028"])
    def test_a_school_year_out_of_turn_waits(self, load: Load, last_year, year):
        load(school(1, *last_year, year=year))
        assert brakes_of(only_run()) == {Brake.SCHOOL_YEAR}

    def test_a_school_year_that_has_not_begun_waits(self, load: Load, last_year):
        load(school(1, *last_year, year="2027-2028").replace(b'"2026-08-11T', b'"2027-04-11T'))
        assert brakes_of(only_run()) == {Brake.SCHOOL_YEAR}


DAYS = {
    "the new year in August": ("2025-2026", "2026-2027", dt.date(2026, 8, 1), False),
    "the new year while it is prepared": ("2025-2026", "2026-2027", dt.date(2026, 5, 20), False),
    "the new year, told late": ("2025-2026", "2026-2027", dt.date(2027, 1, 11), False),
    "the new year in spring": ("2025-2026", "2026-2027", dt.date(2026, 4, 30), True),
    "two years at once": ("2025-2026", "2027-2028", dt.date(2026, 8, 1), True),
    "the year before": ("2026-2027", "2025-2026", dt.date(2026, 8, 20), True),
    "the same year, long after": ("2025-2026", "2025-2026", dt.date(2027, 3, 1), False),
    "any year at first": ("", "2020-2021", dt.date(2026, 8, 1), False),
}


@pytest.mark.parametrize(("known", "year", "day", "waits"), DAYS.values(), ids=DAYS)
def test_a_changed_school_year_has_to_be_the_one_of_the_day(known, year, day, waits):
    assert brakes.is_out_of_turn(known, year, day) is waits


class TestWhatIsTold:
    @pytest.fixture
    def held(self, load: Load) -> ImportRun:
        staff = [employee("m1", person(900, "Karin"), "Lærer"), employee("m2", person(901, "Bo"), "Leder")]
        load(school(0, *pupils(30), *pupils(10, first=30, level="4", main="4a"), *staff))
        load(school(1, *pupils(30), *pupils(1, first=50), staff[0].replace("Lærer", "Vikar"), staff[1]))
        return only_run()

    def test_counts_now_and_after_by_level_and_kind(self, held):
        assert held.groups_before_after == [
            {
                "label": {"kind": "level", "value": "3"},
                **{"now": 30, "after": 31, "new": 1, "ends": 0, "changed": 0, "is_big": False},
            },
            {
                "label": {"kind": "level", "value": "4"},
                **{"now": 10, "after": 0, "new": 0, "ends": 10, "changed": 0, "is_big": True},
            },
            {
                "label": {"kind": "role", "value": "employee"},
                **{"now": 2, "after": 2, "new": 0, "ends": 0, "changed": 1, "is_big": False},
            },
        ]
        assert held.stops == [{"brake": "ending", "count": 10, "of": 42, "limit": 10}]

    def test_every_change_by_local_id(self, held):
        changes = ImportChange.objects.filter(run=held)
        assert changes.filter(kind=ChangeKind.ENDS).count() == 10
        assert changes.filter(kind=ChangeKind.JOINS).get().local_person_id == "e50"
        change = changes.filter(kind=ChangeKind.CHANGES).get()
        assert (change.local_person_id, change.field, change.was, change.becomes) == ("m1", "roles", "Lærer", "Vikar")
        assert {row.was for row in changes.filter(kind=ChangeKind.ENDS)} == {"Elev, 4a"}

    def test_no_name_and_no_cpr_number_stands_anywhere(self, held):
        told = str(held.groups_before_after) + str(list(ImportChange.objects.values_list()))
        assert "Anna" not in told
        assert cpr(30) not in told

    def test_the_file_lies_sealed(self, held):
        stored = bytes(ImportDelivery.objects.get().content)
        assert cpr(0).encode() not in stored
        assert b"Anna" not in stored

    def test_the_institution_and_the_operator_get_a_mail(
        self, institutions, django_capture_on_commit_callbacks, settings
    ):
        institutions[SCHOOL].email = "kontor@example.dk"
        institutions[SCHOOL].save()
        with django_capture_on_commit_callbacks(execute=True):
            load_bytes(school(0, *pupils(40)))
            load_bytes(school(1, *pupils(30)))
        assert {to for message in mail.outbox for to in message.to} == {"kontor@example.dk", settings.OPERATOR_EMAIL}
        message = mail.outbox[0]
        assert len(message.subject) < 60
        run = only_run()
        assert f"/brugeradministration/import/{run.pk}/" in message.body
        assert "10 af 40" in message.body
        assert not re.search(r"\d{10}", message.body)
        assert "Anna" not in message.body


class TestTheNextFile:
    def test_a_newer_delivery_takes_the_place_of_one_that_awaits(self, load: Load):
        load(school(0, *pupils(40)))
        load(school(1, *pupils(30)))
        assert load(school(2, *pupils(40))).state == RunState.LOADED
        old = ImportRun.objects.get(state=RunState.REJECTED)
        assert old.reason == "superseded"
        assert not ImportDelivery.objects.exists()
        assert AuditEvent.objects.get(action="import.let_go").object_id == str(old.pk)

    def test_the_same_delivery_again_is_not_asked_about_twice(self, load: Load):
        load(school(0, *pupils(40)))
        load(school(1, *pupils(30)))
        assert load(school(1, *pupils(30))).state == RunState.AWAITING_APPROVAL
        assert ImportRun.objects.filter(state=RunState.AWAITING_APPROVAL).count() == 1
        assert ImportRun.objects.count() == 2

    def test_an_older_delivery_does_not_take_its_place(self, load: Load):
        load(school(0, *pupils(40)))
        load(school(2, *pupils(30)))
        assert load(school(1, *pupils(40))).reason == "source_time"
        assert only_run().source_time is not None

    def test_five_in_a_row_raise_an_alarm(self, institutions, django_capture_on_commit_callbacks, settings):
        load_bytes(school(0, *pupils(40)))
        for night in range(1, 6):
            with django_capture_on_commit_callbacks(execute=True):
                load_bytes(school(night, *pupils(20)))
            alarms = [message for message in mail.outbox if message.subject.startswith("5 ")]
            assert len(alarms) == (night == 5)
        assert alarms[0].to == [settings.OPERATOR_EMAIL]
        assert ImportSeries.objects.get().stopped_in_a_row == 5
        load_bytes(school(6, *pupils(40)))
        assert ImportSeries.objects.get().stopped_in_a_row == 0

    def test_a_dry_run_says_that_it_would_wait_and_writes_nothing(self, load: Load):
        load(school(0, *pupils(40)))
        assert load_bytes(school(1, *pupils(20)), dry_run=True).state == RunState.AWAITING_APPROVAL
        assert ImportRun.objects.count() == 1

    def test_the_command_tells_of_it_and_ends_with_one(self, institutions, tmp_path):
        for night, count in ((0, 40), (1, 20)):
            (tmp_path / f"{night}.xml").write_bytes(school(night, *pupils(count)))
        code, out, _ = run_command("import_users", str(tmp_path), "--json")
        assert code == 1
        assert '"awaiting_approval": 1' in out
        assert '"rejected": 0' in out


class TestAnswering:
    @pytest.fixture
    def held(self, load: Load) -> ImportRun:
        load(school(0, *pupils(40)))
        load(school(1, *pupils(30)))
        return only_run()

    def load_approved(self, run: ImportRun) -> RunReport | None:
        return services.load_waiting(run.delivery.pk)

    def test_an_approved_run_is_loaded_as_it_stood(self, held, leader):
        services.approve_run(held, by=leader, note="A class has moved to another school")
        report = self.load_approved(held)
        assert report.state == RunState.LOADED
        held.refresh_from_db()
        assert (held.state, held.counts["ended"]) == (RunState.LOADED, 10)
        assert Membership.objects.current().count() == 30
        assert not ImportDelivery.objects.exists()
        decision = held.decisions.get()
        assert (decision.kind, decision.by, decision.note) == (
            "approve",
            leader.user,
            "A class has moved to another school",
        )
        assert AuditEvent.objects.filter(action="import.approve", actor=leader.user).count() == 1

    def test_a_stopped_run_changes_nothing_and_its_file_is_gone(self, held, leader):
        before = content()
        services.reject_run(held, by=leader, note="The extract was cut")
        held.refresh_from_db()
        assert (held.state, held.reason) == (RunState.REJECTED, "stopped")
        assert content() == before
        assert not ImportDelivery.objects.exists()

    def test_a_second_answer_is_refused(self, held, leader):
        services.reject_run(held, by=leader, note="")
        with pytest.raises(DomainError):
            services.approve_run(held, by=leader, note="")
        assert held.decisions.count() == 1

    def test_an_approval_holds_for_what_was_seen_and_no_more(self, held, leader):
        # Meanwhile the institution's own limit was lowered: more brakes stop it than the approver saw.
        services.approve_run(held, by=leader, note="")
        ImportRun.objects.filter(pk=held.pk).update(stops=[{"brake": "ending", "count": 9, "of": 40, "limit": 10}])
        before = content()
        assert self.load_approved(held).state == RunState.AWAITING_APPROVAL
        assert content() == before

    def test_loading_an_approved_run_twice_loads_it_once(self, held, leader):
        services.approve_run(held, by=leader, note="")
        pk = held.delivery.pk
        assert services.load_waiting(pk) is not None
        assert services.load_waiting(pk) is None

    def test_the_same_file_between_approval_and_loading_leaves_the_approval_in_force(self, load: Load, held, leader):
        services.approve_run(held, by=leader, note="")
        report = load(school(1, *pupils(30)))
        assert (report.state, report.run_id) == (RunState.RECEIVED, held.pk)
        assert self.load_approved(held).state == RunState.LOADED
        assert ImportRun.objects.filter(state=RunState.RECEIVED).count() == 0

    def test_a_run_that_awaits_is_not_loaded_by_a_worker_that_passes(self, held):
        assert services.load_waiting(held.delivery.pk) is None

    def test_a_bypass_lets_the_next_stopped_delivery_pass_once(self, load: Load, held, leader):
        series = ImportSeries.objects.get()
        services.arm_bypass(series, by=leader, note="We merge with the neighbour")
        assert load(school(2, *pupils(20))).state == RunState.LOADED
        assert AuditEvent.objects.filter(action="import.bypass_used", actor=leader.user).count() == 1
        assert load(school(3, *pupils(10))).state == RunState.AWAITING_APPROVAL

    def test_a_bypass_outlives_a_delivery_that_needs_none(self, load: Load, held, leader):
        services.arm_bypass(ImportSeries.objects.get(), by=leader, note="")
        load(school(2, *pupils(40)))
        assert load(school(3, *pupils(20))).state == RunState.LOADED

    def test_a_bypass_does_not_last(self, load: Load, held, leader, time_machine):
        services.arm_bypass(ImportSeries.objects.get(), by=leader, note="")
        series = ImportSeries.objects.get()
        time_machine.move_to(series.bypass_until, tick=True)
        assert load(school(2, *pupils(20))).state == RunState.AWAITING_APPROVAL

    def test_a_bypass_can_be_taken_back_and_not_armed_twice(self, load: Load, held, leader):
        series = ImportSeries.objects.get()
        services.arm_bypass(series, by=leader, note="")
        with pytest.raises(DomainError):
            services.arm_bypass(series, by=leader, note="")
        services.disarm_bypass(series, by=leader)
        with pytest.raises(DomainError):
            services.disarm_bypass(series, by=leader)
        assert load(school(2, *pupils(20))).state == RunState.AWAITING_APPROVAL


class TestAnInstitutionsOwnLimits:
    def test_a_limit_of_its_own_stands_in_place_of_everybodys(self, load: Load, institutions, leader):
        load(school(0, *pupils(40)))
        services.set_limit(institutions[SCHOOL], Brake.ENDING, 50, by=leader, note="A camp school")
        assert load(school(1, *pupils(25))).state == RunState.LOADED
        services.clear_limit(institutions[SCHOOL], Brake.ENDING, by=leader)
        assert load(school(2, *pupils(15))).state == RunState.AWAITING_APPROVAL
        acts = AuditEvent.objects.filter(action__startswith="import.limit").values_list("action", flat=True)
        assert sorted(acts) == ["import.limit_cleared", "import.limit_set"]

    def test_a_brake_can_be_switched_off(self, load: Load, institutions, leader):
        load(school(0, *pupils(40)))
        services.set_limit(institutions[SCHOOL], Brake.ENDING, None, by=leader, note="")
        assert load(school(1, *pupils(5))).state == RunState.LOADED

    def test_an_empty_delivery_cannot_be_let_through_by_a_limit(self, institutions, leader):
        with pytest.raises(DomainError):
            services.set_limit(institutions[SCHOOL], Brake.EMPTY, 50, by=leader, note="")

    def test_a_new_school_year_is_never_stricter_than_everybodys(self):
        own = {Brake.ENDING: 3}
        assert brakes.threshold(Brake.ENDING, RunMode.ORDINARY, own).share == 3
        assert brakes.threshold(Brake.ENDING, RunMode.ROLLOVER, own).share == 30


def test_every_brake_has_a_threshold_in_each_mode():
    assert {(brake, mode) for brake, modes in brakes.THRESHOLDS.items() for mode in modes} == {
        (brake, mode) for brake in Brake for mode in RunMode
    }
