"""Settings that would break a page are refused before there is one."""

import pytest

from unilogin_portal import checks


@pytest.mark.parametrize("name", ["RESET_WINDOW_MINUTES", "STEP_UP_WAIT_MINUTES", "STEP_UP_MINUTES"])
@pytest.mark.parametrize(("minutes", "found"), [(1, []), (0, ["portal.E007"]), (-5, ["portal.E007"])])
def test_windows_and_words_last_for_a_minute_at_least(settings, name, minutes, found):
    setattr(settings, name, minutes)
    assert [message.id for message in checks.minutes_are_at_least_one(None)] == found


@pytest.mark.parametrize(
    ("production", "path", "found"),
    [
        (True, "dataagreements.consent.may_deliver", []),
        (False, "institutions.importing.consent.of_everybody", []),
        (True, "institutions.importing.consent.of_everybody", ["portal.E008"]),
        (False, "institutions.importing.consent.of_nobody_known", ["portal.E009"]),
    ],
)
def test_deliveries_are_loaded_by_agreement_in_production(settings, production, path, found):
    settings.PRODUCTION, settings.IMPORT_CONSENT = production, path
    assert [message.id for message in checks.deliveries_need_an_agreement(None)] == found


@pytest.mark.parametrize(
    ("address", "folder", "found"),
    [
        ("", None, []),
        ("retur@unilogin.test", "bounces", []),
        ("retur@unilogin.test", None, ["portal.E010"]),
        ("", "bounces", ["portal.E010"]),
        ("retur", "bounces", ["portal.E011"]),
        ("@unilogin.test", "bounces", ["portal.E011"]),
        ("x" * 18 + "@unilogin.test", "bounces", ["portal.E011"]),
        ("Retur <retur@unilogin.test>", "bounces", ["portal.E011"]),
        ("retur@unilogin.test\n", "bounces", ["portal.E011"]),
        ("retur+svar@unilogin.test", "bounces", ["portal.E011"]),
    ],
)
def test_what_comes_back_is_never_sent_where_nobody_reads_it(settings, tmp_path, address, folder, found):
    settings.BOUNCE_EMAIL, settings.BOUNCE_MAILDIR = address, tmp_path / folder if folder else None
    assert [message.id for message in checks.what_comes_back_is_read(None)] == found
