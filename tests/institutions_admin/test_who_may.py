"""Who sees which imports, and who may decide on them: by a role or right at that very institution."""

import pytest
from django.test import Client

from institutions.models import RunState
from institutions.roles import Right

from .conftest import AT

REASON = {"note": "Aftalt med leverandøren"}


def paths(run) -> dict[str, str]:
    """Every page about a run, its series and its institution: those to look at, and those to decide on."""
    series = run.series_id
    return {
        f"{AT}{run.pk}/": "view",
        f"{AT}{run.pk}/fremdrift/": "view",
        f"{AT}{run.pk}/fejl.csv": "view",
        f"{AT}{run.pk}/aendringer/": "view",
        f"{AT}{run.pk}/aendringer.csv": "view",
        f"{AT}serier/{series}/": "view",
        f"{AT}graenser/101001/": "view",
        f"{AT}{run.pk}/godkend/": "decide",
        f"{AT}{run.pk}/tag-tilbage/": "decide",
        f"{AT}serier/{series}/omgaa/": "decide",
        f"{AT}serier/{series}/bekraeft/": "decide",
        f"{AT}graenser/101001/ending/": "decide",
    }


def answers(client, run) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {"view": set(), "decide": set()}
    for path, kind in paths(run).items():
        found[kind].add(client.get(path).status_code)
        if kind == "decide":
            found[kind].add(client.post(path, REASON).status_code)
    return found


def test_the_leader_sees_and_decides(leif, held):
    assert answers(leif, held) == {"view": {200}, "decide": {200, 302}}


@pytest.mark.parametrize("name", ["mette", "sofie", "liv", "anna"])
def test_teachers_pupils_other_staff_and_parents_are_kept_out(by_mitid, held, name):
    client = by_mitid(name)
    assert answers(client, held) == {"view": {403}, "decide": {403}}
    assert client.get(AT).status_code == 403


def test_a_leader_of_another_school_does_not_learn_that_the_run_exists(by_mitid, held, elsewhere):
    assert answers(by_mitid("karim"), held) == {"view": {404}, "decide": {404}}


def test_a_pedagogue_who_leads_another_school_sees_only_that_ones_runs(by_mitid, held, elsewhere):
    page = by_mitid("karim").get(AT).content.decode()
    assert "Mosevangskolen" in page
    assert "Lærkeskolen" not in page


@pytest.mark.parametrize(
    ("right", "scope", "number", "expected"),
    [
        (Right.USER_ADMINISTRATION, "cvr", "94348552", {"view": {200}, "decide": {200, 302}}),
        (Right.USER_ADMINISTRATION, "p", "9003766444", {"view": {200}, "decide": {200, 302}}),
        (Right.USER_OVERVIEW, "cvr", "94348552", {"view": {200}, "decide": {403}}),
        (Right.USER_ADMINISTRATION, "cvr", "11111111", {"view": {404}, "decide": {404}}),
        (Right.USER_ADMINISTRATION, "p", "9003766445", {"view": {404}, "decide": {404}}),
        (Right.USER_ADMINISTRATION, "p", "94348552", {"view": {404}, "decide": {404}}),
        (Right.USER_ADMINISTRATION, "cvr", "", {"view": {404}, "decide": {404}}),
        (Right.AGREEMENTS, "cvr", "94348552", {"view": {403}, "decide": {403}}),
    ],
)
def test_a_right_of_mitid_erhverv_holds_where_it_was_given_and_only_there(
    by_mitid, held, right, scope, number, expected
):
    assert answers(by_mitid("mette", right, scope, number), held) == expected


def test_a_right_on_one_institution_does_not_decide_on_another_that_may_be_read(by_mitid, held, elsewhere):
    client = by_mitid("karim", Right.USER_OVERVIEW)  # leads Mosevangskolen, reads along at Lærkeskolen
    assert answers(client, held) == {"view": {200}, "decide": {403}}


def test_an_institution_without_numbers_is_covered_by_no_right(by_mitid, held, cast):
    cast.school.cvr = cast.school.p_number = ""
    cast.school.save()
    assert answers(by_mitid("mette", Right.USER_ADMINISTRATION, "cvr", ""), held)["view"] == {404}


def test_operators_see_all_and_decide_without_mitid(logged_in, held):
    assert answers(logged_in("olga"), held) == {"view": {200}, "decide": {200, 302}}


def test_who_came_with_a_password_is_sent_to_mitid_before_deciding_and_back(logged_in, held):
    client = logged_in("leif")
    for path, kind in paths(held).items():
        response = client.get(path)
        if kind == "view":
            assert response.status_code == 200
        else:
            assert response.headers["Location"] == f"/mitid/login?formaal=login&next={path.replace('/', '%2F')}"
    answer = {"answer": "godkend", **REASON}
    assert client.post(f"{AT}{held.pk}/godkend/", answer).status_code == 302
    held.refresh_from_db()
    assert held.state == RunState.AWAITING_APPROVAL


def test_an_operator_account_of_a_person_is_asked_for_mitid_like_everybody(logged_in, cast, held):
    leif = cast["leif"]
    leif.is_staff = True
    leif.save()
    assert logged_in("leif").get(f"{AT}{held.pk}/godkend/").status_code == 302


def test_nothing_is_decided_by_get(leif, held, cast):
    for path in paths(held):
        leif.get(path, {"answer": "godkend", "fortryd": "1", **REASON})
    held.refresh_from_db()
    assert held.state == RunState.AWAITING_APPROVAL
    assert held.series.bypass_until is None
    assert held.series.confirmed_at is None


def test_every_answer_needs_the_forms_own_token(cast, held):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["olga"], backend="accounts.backends.UniloginBackend")
    for path, kind in paths(held).items():
        if kind == "decide":
            assert client.post(path, REASON).status_code == 403


def test_what_was_never_there_is_404_for_those_who_may(leif, held):
    for path in ("9999/", "9999/godkend/", "serier/9999/", "graenser/999999/", "graenser/101001/noget/"):
        assert leif.get(AT + path).status_code == 404
    assert leif.get(f"{AT}graenser/101001/empty/").status_code == 404  # a brake without a limit


def test_the_way_in_stands_on_mit_unilogin_for_those_who_may(logged_in, cast):
    assert AT in logged_in("leif").get("/mit-unilogin/").content.decode()
    assert AT not in logged_in("mette").get("/mit-unilogin/").content.decode()
