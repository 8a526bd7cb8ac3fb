"""The words that passwords are made of, and those that no password may be (D3.2)."""

import math
import re
import sys

import pytest

from accounts.policy import POLICIES, Band
from accounts.wordlist import COMMON, SEASONS, WORDS, draw_words, is_common, names_a_season

# Whole words that no child's password shall hold: insults, the body, violence, religion, politics, intoxication, names.
FORBIDDEN_WORDS = """
dum grim fed tyk taber nar svin torsk kylling bavian gorilla abe ko so kvie heks monster klovn mops hejre
numse bryst barm balle pung pik lem tissemand mus mis kusse patte sut bolle slik knald stiv skid fis prut pis lort
vold drab blod krig mord gift galge grav kiste pistol kanon sabel kniv harpun granat bombe skud
gud kors kirke engel pave munk nonne bibel koran jul fred kristen muslim parti valg minister
sex luder elsker kys vin snaps rom whisky cider pibe tobak cigar hash hamp joint
januar februar marts april maj juni juli august september oktober november december
anna ida ella emma maja luna freja rosa jade iris jasmin viola alma liv vilje emil noah bo kaj mark storm
ask birk ravn falk sten pil gry tage palle erik sander robin tom per max leo otto saga nova mynte
sort hvid brun gul
"""
FORBIDDEN_INSIDE = """
sex fuck lort fisse pik kusse knep luder dildo porn nazi hitler perker neger dum grim idiot hore gud shit prut skid pis
tyk krig vold drab blod mord
"""
COMMON_IN_DISGUISE = """
password PASSWORD P@ssw0rd Pa$$word1 passw0rd-2027! Kodeord123 Adgangskode1 4dg4ngskod3 Hemmelig1 Velkommen12 12345678
87654321 Qwerty12 1qaz2wsx Aa123456 abcd1234 Brøndby1 Broendby64 Liverpool1 L1verpoo1 Trofast1 August2026 Fodbold99
Footba11 Unilogin2026 19901990 Test1234 12345Kodeord pass-word hej-hej12 abababab KodeordKodeord1 aaaaaaaa
"""


def test_there_are_at_least_two_thousand_words_and_none_twice():
    assert len(WORDS) >= 2000
    assert len(set(WORDS)) == len(WORDS)
    assert list(WORDS) == sorted(WORDS)


def test_every_keyboard_can_type_every_word():
    assert [word for word in WORDS if not re.fullmatch(r"[a-z]{3,8}", word)] == []


def test_no_word_is_one_that_a_child_should_not_be_handed():
    assert set(FORBIDDEN_WORDS.split()) & set(WORDS) == set()
    assert [word for word in WORDS for bad in FORBIDDEN_INSIDE.split() if bad in word] == []


def test_no_word_names_a_season():
    assert [word for word in WORDS if names_a_season(word)] == []


def test_two_words_and_two_digits_are_hard_enough_to_guess_behind_a_lock_out(capsys):
    """Five guesses a quarter of an hour, for a whole year, hit with less than one chance in a thousand."""
    choices = len(WORDS) * (len(WORDS) - 1) * 100
    with capsys.disabled():
        sys.stdout.write(f"\n{len(WORDS)} words; two words and two digits: {math.log2(choices):.1f} bits\n")
    assert math.log2(choices) > 28
    assert 5 * 4 * 24 * 365 / choices < 1 / 1000


@pytest.mark.parametrize(("count", "minimum", "maximum"), [(2, 6, 22), (2, 8, 24), (1, 8, 24), (2, 6, 6), (3, 9, 24)])
def test_drawn_words_differ_and_fit(count, minimum, maximum):
    for _ in range(300):
        words = draw_words(count, minimum=minimum, maximum=maximum)
        assert len(set(words)) == count
        assert set(words) <= set(WORDS)
        assert minimum <= len("".join(words)) <= maximum


@pytest.mark.parametrize(("count", "minimum", "maximum"), [(0, 0, 24), (2, 0, 5), (1, 9, 24), (2, 12, 10)])
def test_an_impossible_wish_is_refused_instead_of_tried_for_ever(count, minimum, maximum):
    with pytest.raises(ValueError, match="words"):
        draw_words(count, minimum=minimum, maximum=maximum)


def test_words_drawn_for_an_adult_pass_the_rules_that_the_adult_password_must_pass():
    for _ in range(500):
        joined = "".join(word.capitalize() for word in draw_words(2, maximum=POLICIES[Band.ADULT].maximum - 2))
        assert not is_common(joined + "27")
        assert not names_a_season(joined + "27")


def test_where_two_words_meet_nothing_unwanted_is_spelled():
    seams = [(a, b, a[-3:] + b[:3]) for a, b in (draw_words(2, maximum=24) for _ in range(3000))]
    bad = [(a, b) for a, b, seam in seams for word in ("fis", "tis", "nar") if word in seam and word not in f"{a} {b}"]
    assert bad == []


@pytest.mark.parametrize("password", COMMON_IN_DISGUISE.split())
def test_a_common_password_is_known_in_disguise(password):
    assert is_common(password)


@pytest.mark.parametrize(
    "password", ["Giraf4Kompas", "KatGiraf42", "Zq8vLm2P", "Passat-og-7", "Hh48151623", "x", "!", ""]
)
def test_other_passwords_are_not_called_common(password):
    assert not is_common(password)


def test_the_common_passwords_are_some_hundreds_in_lower_case():
    assert len(COMMON) >= 400
    assert [entry for entry in COMMON if entry != entry.strip().casefold()] == []


@pytest.mark.parametrize("season", sorted(SEASONS))
def test_each_season_is_refused_with_capitals_and_years(season):
    assert names_a_season(f"{season.capitalize()}2027!")


@pytest.mark.parametrize("password", ["S0mmerhus1", "V1nt3r99", "MinSommer12", "eftera\u030ar1", "Efter-år-2"])
def test_a_season_is_seen_inside_and_in_disguise(password):
    assert names_a_season(password)


@pytest.mark.parametrize("password", ["Springvand7", "Forarbejde1", "Overfalde12", "Giraf4Kompas"])
def test_ordinary_words_are_not_taken_for_seasons(password):
    assert not names_a_season(password)
