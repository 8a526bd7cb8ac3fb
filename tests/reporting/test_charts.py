"""What charts draw, and the sentence over them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reporting.models import Campaign
from reporting.statistics import wording
from reporting.statistics.access import COUNTRY, Level, Place
from reporting.statistics.bars import bar_chart
from reporting.statistics.charts import LETTER, Drawing, Pause, Scale, Series, Words, line_chart
from reporting.statistics.page import Figure
from reporting.statistics.series import Number, Point
from reporting.weeks import Week

ROSKILDE = Place(Level.MUNICIPALITY, "0265", "Roskilde", "0265")
WORDS = Words(lambda rate: f"{rate:g} %", lambda week: f"Uge {week}")
# To one decimal, as they are shown.
TENTHS = st.integers(0, 1000).map(lambda tenths: tenths / 10)
RATE = st.none() | TENTHS


@pytest.fixture(autouse=True, scope="module")
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def points(own: Sequence[float | None], country: Sequence[float | None]) -> list[Point]:
    """Return weeks up to week 47; None is a week without a number."""
    first = Week(2026, 47).shifted(1 - len(own))

    def number(rate: float | None) -> Number | None:
        return None if rate is None else Number(1000, round(rate * 10), 1)

    return [
        Point(first.shifted(at), Campaign(), number(mine), number(theirs))
        for at, (mine, theirs) in enumerate(zip(own, country, strict=True))
    ]


@pytest.mark.parametrize(
    ("own", "country", "expected"),
    [
        ([3, 3, 5, 6], [4, 4, 4, 4], "Roskilde has been above the country since week 46"),
        ([3, 5, None, 6], [4, 4, None, 4], "Roskilde has been above the country since week 45"),
        ([5, 3, 3, 3], [4, 4, 4, 4], "Roskilde has been below the country since week 45"),
        ([3, 3, 3, 6], [4, 4, 4, 4], "Roskilde was above the country in week 47"),
        ([5, 5, 5, 3], [4, 4, 4, 4], "Roskilde was below the country in week 47"),
        ([5, 5, 5, 4], [4, 4, 4, 4], "Roskilde was level with the country in week 47"),
        ([5, 5, 5], [4, 4, 4], "Roskilde has been above the country in all 3 weeks with figures"),
        ([3, None, 3], [4, 4, 4], "Roskilde has been below the country in all 2 weeks with figures"),
        ([5, 5, None], [4, 4, 4], "There are no figures of Roskilde in week 47"),
        ([5, 5], [4, None], "Sick leave of Roskilde was 5.0\N{NO-BREAK SPACE}% in week 47"),
    ],
)
def test_the_heading_says_since_when_a_place_is_above_or_below(own: Any, country: Any, expected: str) -> None:
    assert wording.conclusion(points(own, country), ROSKILDE) == expected


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ([6.1, 5.9], "Sick leave fell from week 46 to 47"),
        ([5.9, 6.1], "Sick leave rose from week 46 to 47"),
        ([5.9, None, 6.1], "Sick leave rose from week 45 to 47"),
        ([5, 5.1, 5.2, 5.3], "Sick leave has risen every week since week 44"),
        ([5, 4, 3, 2], "Sick leave has fallen every week since week 44"),
        ([5, 5.1, 5], "Sick leave fell from week 46 to 47"),
        ([5.9, 5.9], "Sick leave was the same in week 47 as in week 46"),
        ([None, 6.1], "Sick leave was 6.1 % in week 47"),
        ([6.1, None], "There are no figures in week 47"),
        ([None, None], "There are no figures in week 47"),
    ],
)
def test_the_heading_of_the_country_says_where_it_goes(country: Any, expected: str) -> None:
    said = wording.conclusion(points([None] * len(country), country), COUNTRY)
    assert re.sub(r"[\s\u00a0]+", " ", said) == expected


def test_what_looks_alike_is_level() -> None:
    """6,04 and 5,96 per cent are both shown as 6,0."""
    week = [Point(Week(2026, 47), Campaign(), Number(10_000, 604), Number(10_000, 596))]
    assert wording.conclusion(week, ROSKILDE) == "Roskilde was level with the country in week 47"


def test_a_hidden_number_is_said_to_be_of_too_few() -> None:
    week = [Point(Week(2026, 47), Campaign(), Number(100, None), Number(10_000, 596))]
    assert wording.conclusion(week, ROSKILDE) == "The figures of Roskilde in week 47 are of too few to be shown"


@given(st.lists(st.tuples(RATE, RATE), min_size=1, max_size=60), st.sampled_from([ROSKILDE, COUNTRY]))
def test_whatever_the_numbers_there_is_a_sentence_and_a_description(rates: list[Any], place: Place) -> None:
    weeks = points([own for own, _ in rates], [country for _, country in rates])
    assert "%(" not in wording.conclusion(weeks, place) + wording.description(weeks, place)


# From the shortest to the longest of the registers.
NAMES = st.sampled_from(["Fanø", "Roskilde private Realskole", "Den Internationale Skole på Sydvestsjælland og Omegn"])


@given(st.lists(st.tuples(RATE, RATE), min_size=1, max_size=60), NAMES)
def test_whatever_the_numbers_all_of_a_line_chart_lies_within_it(rates: list[Any], name: str) -> None:
    lines = [Series("own", name, [own for own, _ in rates]), Series("land", "Landet", [two for _, two in rates])]
    for drawing in line_chart(lines, [str(week) for week in range(len(rates))], [Pause(0, 0, "Pause")], WORDS):
        _lies_within(drawing)


@given(st.lists(st.tuples(RATE, RATE), min_size=1, max_size=13), NAMES)
def test_whatever_the_numbers_all_of_a_bar_chart_lies_within_it(rates: list[Any], name: str) -> None:
    bars = [Series("own", name, [own for own, _ in rates]), Series("land", "Landet", [two for _, two in rates])]
    for drawing in bar_chart(bars, [f"{level}. klasse" for level in range(len(rates))], {0: "Skærtorsdag"}, WORDS):
        _lies_within(drawing)


def _lies_within(drawing: Drawing) -> None:
    for box in drawing.boxes:
        assert 0 <= float(box.x) <= float(box.x) + float(box.width) <= drawing.width + 0.2
        assert 0 <= float(box.y) <= float(box.y) + float(box.height) <= drawing.height
    for text in drawing.texts:
        before, behind = {"start": (0, 1), "middle": (0.5, 0.5), "end": (1, 0)}[text.anchor]
        long = len(text.text) * LETTER
        assert float(text.x) - before * long >= -4, text.text
        assert float(text.x) + behind * long <= drawing.width + 4, text.text
        assert 10 <= float(text.y) <= drawing.height
    for path in drawing.paths:
        xs, ys = (
            [float(one) for one in re.findall(rf"{pattern}", path.d)] for pattern in (r"[ML]([\d.]+)", r" ([\d.]+)")
        )
        assert max(xs) <= drawing.width
        assert max(ys) <= drawing.height


@given(st.lists(TENTHS, max_size=20))
def test_a_scale_holds_every_number_and_few_ticks(numbers: list[float]) -> None:
    scale = Scale.for_values(numbers)
    assert scale.top >= max(numbers, default=0) - 1e-6
    assert 2 <= len(scale.ticks) <= 6


def test_a_line_is_broken_where_there_is_no_number() -> None:
    [wide, _phone] = line_chart([Series("own", "Roskilde", [1, 2, None, 3, 4])], list("12345"), [], WORDS)
    assert wide.paths[0].d.count("M") == 2
    assert wide.paths[0].d.count("L") == 2


def test_a_number_without_neighbours_is_a_dot() -> None:
    [wide, _phone] = line_chart([Series("land", "Landet", [1, 2, None, 3, None])], list("12345"), [], WORDS)
    assert [dot.css for dot in wide.dots] == ["lone lone--land"]


def test_names_at_the_ends_of_lines_do_not_lie_over_each_other() -> None:
    lines = [Series("own", "Ringkøbing-Skjern", [5.0, 5.0]), Series("land", "Landet", [5.0, 5.0])]
    for drawing in line_chart(lines, ["46", "47"], [], WORDS):
        heights = sorted(float(text.y) for text in drawing.texts if "label" in text.css)
        assert len(heights) == 3
        assert all(after - before >= 15 for before, after in pairwise(heights))


def test_where_the_country_is_hidden_the_heading_says_the_own_number() -> None:
    week = [Point(Week(2026, 47), Campaign(), own=Number(100, 10), country=Number(110, None))]
    assert wording.conclusion(week, ROSKILDE) == "Sick leave of Roskilde was 10.0\N{NO-BREAK SPACE}% in week 47"


def test_the_latest_week_has_its_label_however_many_there_are() -> None:
    labels = [str(week) for week in range(1, 53)]
    for drawing in line_chart([Series("own", "Roskilde", [1.0] * 52)], labels, [], WORDS):
        assert "52" in [text.text for text in drawing.texts]


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_chart_is_an_image_with_a_title_and_no_style_of_its_own(language: str) -> None:
    drawings = line_chart([Series("own", "<Roskilde>", [1.5, 2.5])], ["46", "47"], [Pause(0, 0, "Pause")], WORDS)
    figure = Figure("uger", "Heading", "Note.", "Title", "Description", drawings)
    with translation.override(language):
        html = render_to_string("reporting/_chart.html", {"figure": figure})
    chart = etree.fromstring(html)
    assert [svg.get("role") for svg in chart.iter("svg")] == ["img", "img"]
    assert len({svg.find("title").get("id") for svg in chart.iter("svg")}) == 2
    assert "style=" not in html
    assert "&lt;Roskilde&gt;" in html
    for svg in chart.iter("svg"):
        named = {one.get("id") for one in svg.iter() if one.get("id")}
        assert set(svg.get("aria-labelledby").split()) == named
    assert not re.search(r'(x|y|width|height|x1|d)="[^"]*,', html)  # a decimal comma
