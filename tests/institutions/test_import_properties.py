"""Promises that hold whatever is delivered: the plan after the plan is empty, and reading less finds as much."""

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import ContactRelation, Person, User
from institutions import services
from institutions.actor import Actor
from institutions.importing import outcome, parser
from institutions.models import Group, ImportRun, Institution, Membership, MembershipGroup, RunState

from .conftest import load_bytes
from .deliveries import OTHER_SCHOOL, SCHOOL, contact, delivery, employee, extern, group, person, pupil

Night = tuple[list[str], list[str], str]  # rows, groups, institution

# Few of each, so that they meet: the same people under several local ids, rows and institutions.
NUMBERS = st.sampled_from([1, 2, 3, 4, 5, None])
LOCAL_IDS = st.sampled_from(["a", "b", "c", "d", ""])
PERSONS = st.builds(
    person,
    NUMBERS,
    st.sampled_from(["Anna", "Bo"]),
    street=st.sampled_from(["Åvej 1", "Bøgevej 2"]),
    protected=st.sampled_from(["false", "false", "true"]),
    alias=st.sampled_from([None, ("Sol", "Strand")]),
)
CONTACTS = st.builds(contact, PERSONS, st.sampled_from(["Mor", "Andet"]), st.sampled_from(["true", "false"]))
GROUP_IDS = st.lists(st.sampled_from(["Skak", "Kor"]), max_size=2, unique=True)
MAIN_GROUPS = st.sampled_from(["3a", "3a", "3b", "Kor"])
PUPILS = st.builds(
    lambda local_id, who, contacts, level, main, groups: pupil(
        local_id, who, *contacts, level=level, main=main, groups=groups
    ),
    LOCAL_IDS,
    PERSONS,
    st.lists(CONTACTS, max_size=2),
    st.sampled_from(["3", "7", "12"]),
    MAIN_GROUPS,
    GROUP_IDS,
)
EMPLOYEES = st.builds(
    lambda local_id, who, groups: employee(local_id, who, groups=groups), LOCAL_IDS, PERSONS, GROUP_IDS
)
ROWS = st.one_of(PUPILS, PUPILS, EMPLOYEES, st.builds(extern, LOCAL_IDS, PERSONS))
GROUPS = st.sampled_from([[group("3a")], [group("3a"), group("3b")], [group("3a"), group("Kor", "Hold", "")]])
INSTITUTIONS = st.sampled_from([SCHOOL, SCHOOL, SCHOOL, OTHER_SCHOOL])


@st.composite
def successions(draw: st.DrawFn) -> list[Night]:
    """Return nights that follow each other as real ones do: most rows stay, some go, change, come or move."""
    rows = draw(st.lists(ROWS, min_size=2, max_size=6))
    found: list[Night] = [(list(rows), draw(GROUPS), SCHOOL)]
    for _ in range(draw(st.integers(1, 3))):
        fates = draw(st.lists(st.sampled_from("===+-~"), min_size=len(rows), max_size=len(rows)))
        for place in range(len(rows) - 1, -1, -1):
            if fates[place] == "-":
                del rows[place : place + 1]
            elif fates[place] != "=":
                rows[place : place + (fates[place] == "~")] = [draw(ROWS)]
        found.append((list(rows), draw(GROUPS), draw(INSTITUTIONS)))
    return found


NIGHTS = successions()

CHECKED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def load(nights: list[Night], *, forgetful: bool = False) -> None:
    """Load these nights; forgetful means that every element is read, as if it had never been seen."""
    for place, (rows, groups, number) in enumerate(nights):
        if forgetful:
            Membership.objects.update(digest=b"")
        load_past_the_brakes(delivery(*rows, groups=groups, number=number, night=place))


def load_past_the_brakes(data: bytes) -> ImportRun:
    """Load a delivery, approving what a brake stops; return its run."""
    report = load_bytes(data)
    held = ImportRun.objects.get(pk=report.run_id)
    if held.state == RunState.AWAITING_APPROVAL:
        approver, _ = User.objects.get_or_create(username="stil0001", is_staff=True)
        services.approve_run(held, by=Actor.of(approver), note="")
        report = services.load_waiting(held.delivery.pk)
    assert report.is_done, report.message
    return ImportRun.objects.get(pk=report.run_id)


@CHECKED
@given(nights=NIGHTS)
def test_a_delivery_that_was_applied_leaves_nothing_to_do(institutions, nights):
    with transaction.atomic():
        load(nights)
        rows, groups, number = nights[-1]
        Membership.objects.update(digest=b"")
        document = parser.look(delivery(*rows, groups=groups, number=number, night=9))
        left = outcome.work_out(document, Institution.objects.get(number=number)).plan
        for part in (left.groups, left.people, left.relations):
            assert not any(vars(part).values()), part
        for rows in (left.joins, left.changes, left.leaves):
            assert not rows
        transaction.set_rollback(True)


@CHECKED
@given(nights=NIGHTS)
def test_reading_only_what_changed_comes_to_the_same_as_reading_everything(institutions, nights):
    found = []
    for forgetful in (False, True):
        with transaction.atomic():
            load(nights, forgetful=forgetful)
            found.append(shape())
            transaction.set_rollback(True)
    assert found[0] == found[1]


def shape() -> list:
    """Return all that is held, by what people know things by: keys and chance left out."""
    people = Person.objects.values_list(
        *("cpr", "first_name", "family_name", "protected", "private", "master_institution", "master_source"),
        *("user__password_band", "user__actor_group", "user__is_affiliated"),
    )
    ties = Membership.objects.values_list(
        *("person__cpr", "institution__number", "source", "local_person_id", "kind", "level", "main_group__group_id"),
        *("is_primary", "from_date", "to_date"),
    )
    places = MembershipGroup.objects.values_list("membership__person__cpr", "membership__from_date", "group__group_id")
    relations = ContactRelation.objects.values_list(
        *("child__cpr", "contact__cpr", "institution", "relation", "custody", "from_date", "to_date")
    )
    groups = Group.objects.values_list("institution__number", "group_id", "type", "level", "ended_at")
    return [sorted(map(repr, rows)) for rows in (people, ties, places, relations, groups)]
