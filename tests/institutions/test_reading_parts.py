"""Persons are read from their own bytes; what they mean is what they mean in the whole file."""

import pytest

from accounts.models import Person

from .conftest import issues_of
from .deliveries import contact, delivery, extern, group, person, pupil

ANNA = pupil("e1", person(1, "Anna"), contact(person(2)))
BO = pupil("e2", person(3, "Bo"))


def in_namespace(data: bytes, prefix: str) -> bytes:
    """Put every element into a namespace whose prefix the root declares."""
    text = data.decode()
    text = text.replace("</", f"</{prefix}:").replace("<", f"<{prefix}:").replace(f"<{prefix}:/", "</")
    text = text.replace(f"<{prefix}:?", "<?").replace("xmlns=", f"xmlns:{prefix}=")
    return text.encode()


def test_a_prefix_declared_at_the_root_holds_for_the_persons_that_changed(load):
    first = load(in_namespace(delivery(ANNA, BO), "u"))
    assert first.counts.tally.created == 2
    again = load(in_namespace(delivery(ANNA, BO.replace("Bo<", "Åge<"), night=1), "u"))
    assert (again.counts.tally.updated, again.counts.tally.unchanged) == (1, 1)
    assert set(Person.objects.values_list("first_name", flat=True)) >= {"Anna", "Åge"}


def test_the_end_of_a_tag_inside_an_attribute_ends_nothing(load):
    noted = BO.replace("<InstitutionPerson>", '<InstitutionPerson note="/>">')
    assert load(delivery(ANNA, noted)).counts.persons == 2
    changed = load(delivery(ANNA, noted.replace("Bo<", "Åge<"), night=1))
    assert (changed.counts.tally.updated, issues_of(changed)) == (1, [])


@pytest.mark.parametrize(
    ("inside", "reason", "line"),
    [
        ("<Group/>", "misplaced", 7),
        ("<Institution/>", "misplaced", 7),
        ("<InstitutionNumber>101001</InstitutionNumber>", "institution_count", 2),
    ],
)
def test_what_stands_beside_persons_is_refused_inside_of_one(load, inside, reason, line):
    nested = BO.replace("<Person ", f"\n{inside}<Person ")
    report = load(delivery(ANNA, nested))
    assert (report.reason, report.details["line"]) == (reason, line)


def test_a_broken_file_is_told_of_its_own_error_not_of_an_earlier_file_s(load):
    whole = delivery(ANNA, BO)
    assert load(whole.replace(b"<LocalPersonId>e2", b"<LocalPersonId e2")).reason == "not_well_formed"
    cut = load(whole[: whole.rindex(b"<Level>") + 4])
    assert (cut.reason, cut.details["line"]) == ("cut", 6)


def test_a_cut_is_found_on_a_line_full_of_danish_letters(load):
    line = "".join(pupil(f"e{n}", person(n, "Øåæ" * 40)) for n in range(3))
    whole = delivery(line)
    cut = load(whole[: whole.rindex(b"<Level>") + 4])
    assert cut.reason == "cut"


def test_a_row_that_was_bad_for_a_night_is_read_again_when_it_is_as_before(load):
    protected = pupil("b", person(5, protected="true", alias=("Sol", "Strand")), main="3b")
    rows, both = [protected, extern("c", person(5, "Anna"))], [group("3a"), group("3b")]
    load(delivery(*rows, groups=both))
    load(delivery(*rows, groups=both[:1], night=1))  # the pupil's main group is missing: only the other row counts
    load(delivery(*rows, groups=both, night=2))
    assert Person.objects.get().first_name == "Sol"
