"""Error pages: in the portal's own look, with two ways on and a number that also stands in the log."""

import logging
import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponseNotAllowed
from django.test import Client
from django.urls import include, path
from lxml import html

from unilogin_portal.lib.gate import public

NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")


@public
def breaks(request):
    raise RuntimeError("CPR 010180-7890")


@public
def refuses(request):
    raise PermissionDenied


@public
def suspects(request):
    raise SuspiciousOperation


@public
def takes_forms_only(request):
    return HttpResponseNotAllowed(["POST"])


urlpatterns = [
    path("x/500/", breaks),
    path("x/403/", refuses),
    path("x/400/", suspects),
    path("x/405/", takes_forms_only),
    path("", include("unilogin_portal.urls")),
]
handler400 = "unilogin_portal.views.bad_request"
handler403 = "unilogin_portal.views.forbidden"
handler404 = "unilogin_portal.views.not_found"
handler500 = "unilogin_portal.views.server_error"

CASES = [
    ("/x/400/", 400, "Det kunne vi ikke læse", "We could not read that"),
    ("/x/403/", 403, "Ingen adgang", "No access"),
    ("/findes/ikke/", 404, "Siden findes ikke", "Page not found"),
    ("/x/405/", 405, "Siden kan ikke åbnes på den måde", "This page cannot be opened that way"),
    ("/x/500/", 500, "Noget gik galt hos os", "Something went wrong on our side"),
]
INLINE = "//style|//script[not(@src)]|//@style|//@*[starts-with(name(), 'on')]"


@pytest.fixture
def visitor(settings, db):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status", "danish", "english"), CASES)
def test_an_error_is_a_page_of_the_portal_in_the_readers_language(visitor, address, status, danish, english):
    for language, heading in (("da", danish), ("en", english)):
        response = visitor.get(address, {"sprog": language})
        page = html.fromstring(response.content)
        assert response.status_code == status
        assert page.xpath("//h1")[0].text_content() == heading
        assert page.xpath("/html/@lang") == [language]
        assert len(page.xpath("//div[@class='actions']/a")) == 2
        assert not page.xpath(INLINE)


@pytest.mark.parametrize(("address", "status", "danish", "english"), CASES)
def test_the_number_on_the_page_stands_in_the_log(visitor, caplog, address, status, danish, english):
    with caplog.at_level(logging.INFO, "unilogin"):
        page = visitor.get(address).content.decode()
    [number] = NUMBER.findall(page)
    assert any(number in record.getMessage() for record in caplog.records if record.name == "unilogin.errors")


def test_an_inner_error_asks_no_database_and_tells_nothing(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = visitor.get("/x/500/").content.decode()
    assert "RuntimeError" not in page
    assert "010180" not in page


def test_an_inner_error_has_a_page_even_when_no_page_can_be_drawn(visitor, settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False}]
    response = visitor.get("/x/500/")
    assert response.status_code == 500
    assert "Noget gik galt hos os" in response.content.decode()
    assert NUMBER.search(response.content.decode())


def test_method_not_allowed_still_says_which_methods_are(visitor):
    assert visitor.get("/x/405/")["Allow"] == "POST"


def test_an_expired_form_says_that_nothing_was_saved(settings, db):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/login/brugernavn/", {"username": "abcd1234"})
    page = html.fromstring(response.content)
    assert response.status_code == 403
    assert page.xpath("//h1")[0].text_content() == "Siden er blevet for gammel"
    assert "Der er ikke gemt noget." in page.text_content()


def test_a_request_for_another_host_gets_a_page_and_no_link_to_that_host(client, db):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"<h1>" in response.content
    assert b"evil.example" not in response.content


def test_a_form_sent_to_a_page_that_only_shows_is_answered_with_a_page(client, db):
    response = client.post("/was/")
    assert response.status_code == 405
    assert b"<h1>" in response.content
