"""What is hidden in a table of small numbers, and that nobody can work it out from what is shown."""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.statistics.suppression import LEAST, Count, Key, hidden

WHOLE = "whole"
TOTAL = 30


def table(shape: tuple[int, ...], numbers: list[int | None]) -> dict[Key, Count]:
    """Return a table with its wholes. None is a place without anybody."""
    counts: dict[Key, tuple[int, int]] = {}
    for part, number in zip(product(*map(range, shape)), numbers, strict=True):
        if number is not None:
            for key in product(*((at, WHOLE) for at in part)):
                total, absent = counts.get(key, (0, 0))
                counts[key] = total + TOTAL, absent + number
    return {key: Count(*numbers) for key, numbers in counts.items()}


@st.composite
def tables(draw: st.DrawFn, axes: int, most: int = 12) -> dict[Key, Count]:
    shape = tuple(draw(st.integers(1, 3)) for _ in range(axes))
    number = st.one_of(st.none(), st.integers(0, most))
    return table(shape, draw(st.lists(number, min_size=math.prod(shape), max_size=math.prod(shape))))


def sums(counts: dict[Key, Count], axes: int) -> Iterator[tuple[Key, list[Key]]]:
    """Yield every sum that a reader knows of: the whole, and its parts."""
    for key in counts:
        for axis in range(axes):
            if key[axis] == WHOLE:
                beside = key[:axis], key[axis + 1 :]
                yield (
                    key,
                    [other for other in counts if other[axis] != WHOLE and (other[:axis], other[axis + 1 :]) == beside],
                )


def determined(counts: dict[Key, Count], gone: set[Key], axes: int) -> set[Key]:
    """Return the hidden cells that follow from the sums: by elimination, in whole fractions."""
    unknown = sorted(gone, key=str)
    place = {key: at for at, key in enumerate(unknown)}
    rows = []
    for whole, parts in sums(counts, axes):
        row = [Fraction(0)] * len(unknown)
        for key, sign in [(whole, -1), *((part, 1) for part in parts)]:
            if key in place:
                row[place[key]] += sign
        rows.append(row)
    pivots = []
    for column in range(len(unknown)):
        pivot = next((row for row in rows if row[column] and row not in pivots), None)
        if pivot is not None:
            pivots.append(pivot)
            pivot[:] = [value / pivot[column] for value in pivot]
            for row in rows:
                if row is not pivot and row[column]:
                    factor = row[column]
                    row[:] = [value - factor * taken for value, taken in zip(row, pivot, strict=True)]
    return {unknown[row.index(1)] for row in pivots if sum(map(bool, row)) == 1}


def solutions(counts: dict[Key, Count], gone: set[Key], axes: int) -> list[dict[Key, int]]:
    """Return every way in which the hidden parts may be, no count below nought: by trying all."""
    parts = [key for key in counts if WHOLE not in key]
    unknown = [key for key in parts if key in gone]
    shown = [key for key in counts if key not in gone and WHOLE in key]
    found = []
    for numbers in product(range(9), repeat=len(unknown)):
        tried = {key: counts[key].absent for key in parts} | dict(zip(unknown, numbers, strict=True))
        whole = {key: sum(tried[part] for part in parts if _within(part, key)) for key in counts}
        if all(whole[key] == counts[key].absent for key in shown):
            found.append(whole)
    return found


def _within(part: Key, key: Key) -> bool:
    return all(there in (at, WHOLE) for at, there in zip(part, key, strict=True))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 3).flatmap(lambda axes: tables(axes).map(lambda counts: (axes, counts))))
def test_what_is_small_is_hidden_and_follows_from_no_sum(drawn: tuple[int, dict[Key, Count]]) -> None:
    axes, counts = drawn
    gone = hidden(counts, (WHOLE,) * axes)
    assert {key for key, count in counts.items() if count.absent < LEAST} <= gone
    assert not determined(counts, gone, axes)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 3).flatmap(lambda axes: tables(axes).map(lambda counts: (axes, counts))))
def test_whoever_knows_the_numbers_of_one_place_works_out_no_small_number_of_another(
    drawn: tuple[int, dict[Key, Count]],
) -> None:
    axes, counts = drawn
    place = axes - 2
    gone = hidden(counts, (WHOLE,) * axes, known_axis=place)
    for known in {key[place] for key in counts} - {WHOLE}:
        follows = determined(counts, {key for key in gone if key[place] != known}, axes)
        assert not {key for key in follows if counts[key].absent < LEAST and key[place] != WHOLE}


def test_a_small_number_of_a_place_has_two_other_places_to_hide_behind() -> None:
    counts = table((4, 5), [3, *[20] * 4, *[25] * 5, *[30] * 5, *[28] * 5])
    assert len({key[0] for key in hidden(counts, (WHOLE, WHOLE), known_axis=0)}) == 3
    assert len({key[0] for key in hidden(counts, (WHOLE, WHOLE))}) == 2


def test_a_large_number_that_few_have_told_is_hidden_and_follows_from_no_sum() -> None:
    counts = table((4, 5), [20] * 20)
    few = {(2, day): Count(30, 20, of_few_answers=True) for day in range(5)}
    counts |= few | {(2, WHOLE): Count(150, 100, of_few_answers=True)}
    gone = hidden(counts, (WHOLE, WHOLE), known_axis=0)
    assert {key for key in counts if key[0] == 2} <= gone
    assert not determined(counts, gone, 2)
    assert (WHOLE, WHOLE) not in gone


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=4, max_size=4))
def test_no_hidden_number_is_the_only_one_that_it_can_be(numbers: list[int]) -> None:
    counts = table((2, 2), numbers)
    gone = hidden(counts, (WHOLE, WHOLE))
    possible = solutions(counts, gone, 2)
    for key in gone:
        assert len({one[key] for one in possible}) > 1, key


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    assert hidden(table((3, 5), [5, 6, 7, 8, 9] * 3), (WHOLE, WHOLE)) == set()


def test_of_one_small_day_another_day_and_another_place_are_hidden_with_it() -> None:
    counts = table((3, 5), [4, 20, 6, 20, 20, 30, 30, 9, 30, 30, 40, 40, 40, 40, 40])
    gone = hidden(counts, (WHOLE, WHOLE))
    assert len(gone) == 4
    assert {(0, 0), (0, 2)} < gone
    assert not any(key[0] == WHOLE or key[1] == WHOLE for key in gone)


def test_where_there_is_one_day_only_its_week_is_hidden_with_it() -> None:
    gone = hidden(table((2, 1), [3, 40]), (WHOLE, WHOLE))
    assert {(0, 0), (0, WHOLE)} <= gone


def test_two_small_noughts_are_not_given_away_by_their_sum() -> None:
    """Two hidden parts of a shown nought could be nothing else, so what is beside them has to give way, too."""
    counts = table((2, 2), [0, 0, 8, 8])
    gone = hidden(counts, (WHOLE, WHOLE))
    assert {(0, 0), (0, 1), (0, WHOLE)} < gone
    possible = solutions(counts, gone, 2)
    assert all(len({one[key] for one in possible}) > 1 for key in gone)


def test_what_is_never_published_protects_others_and_is_not_spoken_of() -> None:
    counts = table((2, 2), [3, 20, 10, 10])
    gone = hidden(counts, (WHOLE, WHOLE), {(1, 0), (1, 1), (1, WHOLE)})
    assert gone == {(0, 0), (0, 1)}


@pytest.mark.parametrize("places", [98])
def test_a_whole_country_is_hidden_from_within_a_second(places: int) -> None:
    numbers: list[int | None] = [
        (place * 7 + line * 3 + day) % 11 for line in range(13) for place in range(places) for day in range(5)
    ]
    counts = table((13, places, 5), numbers)
    gone = hidden(counts, (WHOLE, WHOLE, WHOLE))
    assert {key for key, count in counts.items() if count.absent < LEAST} <= gone
    assert not any(key[0] == WHOLE and key[1] == WHOLE for key in gone)
