"""Whether the portal works: for people, for machines, and only for those who may count."""

import pytest
from django.db import OperationalError, connection
from lxml import html


def no_database(execute, sql, params, many, context):
    raise OperationalError("the database is gone")


@pytest.fixture
def without_redis(settings):
    """A cache that is set up but does not answer: nothing listens on port 1."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.REDIS_URL}
    }


def test_a_living_process_says_so_without_asking_the_database(client, db):
    with connection.execute_wrapper(no_database):
        response = client.get("/sundhed/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_process_is_ready_when_the_database_answers(client, db):
    assert client.get("/sundhed/klar").json() == {"status": "ok", "parts": {"database": True}}


def test_a_process_without_its_database_is_not_ready(client, db):
    with connection.execute_wrapper(no_database):
        response = client.get("/sundhed/klar")
    assert response.status_code == 503
    assert response.json() == {"status": "error", "parts": {"database": False}}


def test_a_process_without_its_cache_is_not_ready(client, db, without_redis):
    response = client.get("/sundhed/klar")
    assert response.status_code == 503
    assert response.json()["parts"] == {"database": True, "cache": False}


def test_people_read_the_status_in_words(client, db):
    page = html.fromstring(client.get("/driftsstatus/").content)
    assert "Alle tjenester kører" in page.text_content()
    assert "Tjekket i dag kl. " in page.text_content()


def test_people_read_of_a_failure_in_words(client, db, without_redis):
    page = html.fromstring(client.get("/driftsstatus/").content)
    assert "En del af Unilogin virker ikke" in page.text_content()
    [bad] = page.find_class("status--bad")
    assert bad.text_content() == "Virker ikke"


def test_health_is_never_kept_by_a_cache(client, db):
    for address in ("/sundhed/live", "/sundhed/klar", "/driftsstatus/"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_counts_are_not_there_for_strangers(client, db):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_counts_are_read_from_an_allowed_network(client, db, settings):
    settings.METRICS_ALLOW = ["10.0.0.0/8", "::1"]
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").content.startswith(b"# HELP")
    assert client.get("/metrics", REMOTE_ADDR="192.168.1.1").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200


def test_counts_are_read_with_the_token(client, db, settings):
    settings.METRICS_TOKEN = "hemmelig-æøå"
    assert client.get("/metrics", headers={"authorization": "Bearer hemmelig-æøå"}).status_code == 200
    assert client.get("/metrics", headers={"authorization": "Bearer hemmelig"}).status_code == 404


def test_every_request_is_counted_by_route(client, db, settings):
    settings.METRICS_TOKEN = "t"
    client.get("/was/")
    counts = client.get("/metrics", headers={"authorization": "Bearer t"}).content.decode()
    assert 'route="portal:accessibility"' in counts
