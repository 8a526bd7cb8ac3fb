"""What a browser that means harm sends to Elevadgang, and whose account a school's own list must not open."""

import pytest
from django.utils import timezone

from accounts import throttle
from accounts.models import AuditEvent, ResetWindow, User
from institutions.models import Membership
from tests.cast import Cast

from .conftest import AT, group_of

LETTERS = "a " * 2000


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Karim, pedagogue elsewhere, whom the school has put on the list of 5.A as well."""
    Membership.objects.create(
        person=cast.person("karim"),
        institution=cast.school,
        source="Testsystem",
        local_person_id="karim5",
        kind="student",
        roles=["Studerende"],
        level="5",
        main_group=group_of("5A"),
        from_date=timezone.localdate(),
    )
    return cast["karim"]


def test_a_class_list_opens_no_colleagues_account(logged_in, colleague):
    tove = logged_in("tove")
    response = tove.post(f"{AT}/elever/{colleague.pk}/giv/", follow=True)
    assert not ResetWindow.objects.exists()
    assert not AuditEvent.objects.filter(action="window.opened").exists()
    assert "Karim Nielsen er ikke kun elev og fik intet vindue." in response.content.decode()


def test_the_class_gets_its_windows_and_the_colleague_among_them_none(logged_in, cast, colleague):
    tove, group = logged_in("tove"), group_of("5A")
    tove.post(f"{AT}/klasser/{group.pk}/giv/", {"elev": [cast["emil"].pk, colleague.pk]})
    assert [window.user for window in ResetWindow.objects.all()] == [cast["emil"]]


def test_an_operators_account_gets_no_window(logged_in, cast):
    User.objects.filter(pk=cast["emil"].pk).update(is_staff=True)
    logged_in("tove").post(f"{AT}/elever/{cast['emil'].pk}/giv/")
    assert not ResetWindow.objects.exists()


def test_nor_does_it_block_the_colleague_or_end_the_pause_on_guessing(by_right, colleague, monkeypatch):
    page, client = f"{AT}/elever/{colleague.pk}/", by_right()
    monkeypatch.setattr(throttle, "clear", lambda user: pytest.fail("a colleague's pause was ended"))
    for path in (f"{page}spaer/", f"{page}ophaev-pause/"):
        response = client.post(path, follow=True)
        assert "Kontoen er ikke kun en elevs og kan ikke ændres her." in response.content.decode()
    assert User.objects.get(pk=colleague.pk).is_active


@pytest.mark.parametrize("asked", [LETTERS, "em\0il", "\0"])
def test_a_search_is_cut_and_cleaned_wherever_it_comes_in(by_right, asked):
    client = by_right()
    assert client.get(f"{AT}/klasser/", {"q": asked}).status_code == 200
    response = client.post(f"{AT}/klasser/giv/", query_params={"q": asked})
    assert response.status_code == 200
    assert asked not in response.content.decode()


@pytest.mark.parametrize("page", ["venterum/", "venterum/nu/", "historik/", "vikarer/"])
@pytest.mark.parametrize("chosen", ["9" * 5000, "²", "-1", "\0"])
def test_a_class_that_is_no_number_is_none(logged_in, page, chosen):
    assert logged_in("tove").get(f"{AT}/{page}", {"klasse": chosen, "q": "v"}).status_code == 200
