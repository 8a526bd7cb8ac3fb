"""The filters of a request: by the names of D1.3, and nothing that is not one of their values."""

import pytest
from django.http import QueryDict

from dataagreements.exports.ws17 import BadFilter, Filters

LEVELS = ["DT", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "U1", "U2", "U3", "U4", "VU", "Andet"]
FLAGS = {
    "inkluderElever": "include_students",
    "inkluderMedarbejdere": "include_employees",
    "inkluderEksterne": "include_externals",
    "inkluderKontaktpersoner": "include_contacts",
    "inkluderCpr": "include_cpr",
}


def test_without_parameters_everybody_is_wanted_and_no_cpr_number():
    assert Filters.of({}) == Filters() == Filters.of(QueryDict("instnr=101001&pakke=fuld"))
    assert Filters() == Filters(
        include_students=True,
        include_employees=True,
        include_externals=True,
        include_contacts=True,
        levels=frozenset(),
        include_cpr=False,
    )


@pytest.mark.parametrize(("parameter", "field"), FLAGS.items())
@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_a_flag_is_an_xs_boolean(parameter, field, text, value):
    assert Filters.of(QueryDict(f"{parameter}={text}")) == Filters(**{field: value})
    assert Filters.of({parameter: [text]}) == Filters(**{field: value})


@pytest.mark.parametrize("parameter", FLAGS)
@pytest.mark.parametrize("text", ["", "True", "yes", "ja", "2", " true", "true,false"])
def test_a_flag_with_another_value_is_refused(parameter, text):
    with pytest.raises(BadFilter) as refused:
        Filters.of({parameter: [text]})
    assert (refused.value.parameter, refused.value.value) == (parameter, text)


@pytest.mark.parametrize("values", [["true", "false"], ["true", "true"]])
def test_a_flag_that_is_said_twice_is_refused(values):
    with pytest.raises(BadFilter):
        Filters.of({"inkluderElever": values})


@pytest.mark.parametrize(
    "query",
    ["inkluderKlassetrin=DT&inkluderKlassetrin=10&inkluderKlassetrin=U1", "inkluderKlassetrin=10,DT,U1,10"],
)
def test_levels_are_repeated_or_parted_by_commas(query):
    assert Filters.of(QueryDict(query)).levels == {"DT", "10", "U1"}


def test_all_eighteen_levels_are_known():
    assert Filters.of({"inkluderKlassetrin": LEVELS}).levels == set(LEVELS)
    assert len(LEVELS) == 18


@pytest.mark.parametrize("text", ["", "11", "00", "u1", "2.A", "1,", "1, 2", "U5"])
def test_another_level_is_refused(text):
    with pytest.raises(BadFilter) as refused:
        Filters.of({"inkluderKlassetrin": ["3", text]})
    assert refused.value.parameter == "inkluderKlassetrin"
    assert refused.value.value in text


@pytest.mark.parametrize("name", ["inkluderElver", "inkluderCPR", "inkluder"])
def test_a_filter_that_does_not_exist_is_refused_rather_than_passed_over(name):
    with pytest.raises(BadFilter) as refused:
        Filters.of({name: ["false"]})
    assert refused.value.parameter == name


def test_a_refusal_is_a_value_error_and_does_not_repeat_what_was_typed():
    with pytest.raises(ValueError, match="inkluderCpr") as refused:
        Filters.of({"inkluderCpr": ["7203184414"]})
    assert "7203184414" not in str(refused.value) + repr(refused.value)
