"""Numbers of institutions, companies and persons (D5.1, D5.5), and the municipalities (D5.6)."""

import datetime as dt

import pytest

from institutions.municipalities import MUNICIPALITIES
from institutions.numbers import (
    cpr_birth_date,
    is_cpr,
    is_cvr,
    is_g_number,
    is_institution_number,
    is_p_number,
    is_replacement_cpr,
    passes_modulus_11,
)


@pytest.mark.parametrize("text", ["101001", "G12345", "A04441", "D18185"])
def test_an_institution_number_is_six_capitals_or_digits(text):
    assert is_institution_number(text)


@pytest.mark.parametrize("text", ["", "10100", "1010011", "g12345", "10100 ", "10100\n", "1010Æ1", "１01001"])
def test_anything_else_is_no_institution_number(text):
    assert not is_institution_number(text)


def test_a_g_number_is_g_and_five_digits():
    assert is_g_number("G12345")
    assert not any(map(is_g_number, ["D12345", "G1234", "G1234A", "g12345"]))


def test_a_cvr_number_passes_modulus_11():
    assert is_cvr("13748136")  # the example of D5.5
    assert not any(map(is_cvr, ["13748137", "1374813", "137481366", "1374813A", ""]))


def test_a_p_number_is_ten_digits_without_a_check():
    assert is_p_number("9003766444")
    assert not any(map(is_p_number, ["900376644", "90037664440", "900376644x"]))


@pytest.mark.parametrize(
    ("cpr", "born"),
    [
        ("0101000000", dt.date(1900, 1, 1)),
        ("3112993000", dt.date(1999, 12, 31)),
        ("0101364000", dt.date(2036, 1, 1)),
        ("0101374000", dt.date(1937, 1, 1)),
        ("0101575000", dt.date(2057, 1, 1)),
        ("0101585000", dt.date(1858, 1, 1)),
        ("0101008000", dt.date(2000, 1, 1)),
        ("0101998000", dt.date(1899, 1, 1)),
        ("0101369000", dt.date(2036, 1, 1)),
        ("0101379000", dt.date(1937, 1, 1)),
        ("2902004000", dt.date(2000, 2, 29)),
        ("6107225000", dt.date(2022, 7, 1)),  # a replacement number: day + 60
        ("9112995000", dt.date(1899, 12, 31)),
    ],
)
def test_the_seventh_digit_tells_the_century(cpr, born):
    assert cpr_birth_date(cpr) == born


@pytest.mark.parametrize(
    "text",
    [
        *("", "010100000", "01010000000", "010100-0000", "3113990000", "0001000000", "3102000000", "2902014000"),
        *("9213005000", "6001005000", "0100000000", "010100000A", "٠١٠١٠٠٠٠٠٠"),
    ],
)
def test_what_is_no_real_day_or_not_ten_digits_is_no_cpr_number(text):
    assert not is_cpr(text)


def test_a_replacement_number_is_known_by_its_day():
    assert is_replacement_cpr("6107225000")
    assert not is_replacement_cpr("0107225000")
    assert not is_replacement_cpr("9913005000")


def test_modulus_11_is_only_a_hint():
    assert passes_modulus_11("8607208396")
    assert not passes_modulus_11("8607208397")
    assert is_cpr("8607208397")


def test_there_are_98_municipalities_and_christiansoe_is_none():
    assert len(MUNICIPALITIES) == len(set(MUNICIPALITIES.values())) == 98
    assert "0411" not in MUNICIPALITIES
    assert all(len(code) == 4 and code.startswith("0") for code in MUNICIPALITIES)
