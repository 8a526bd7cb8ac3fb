"""One origin: cookies, MitID's answer and links in mails belong to it."""

import pytest


def test_another_name_of_the_host_leads_to_the_origin_with_path_and_query(client, db):
    response = client.get("/hjaelp/?q=mitid", headers={"host": "localhost"})
    assert response.status_code == 302
    assert response.headers["Location"] == "http://testserver/hjaelp/?q=mitid"


@pytest.mark.parametrize("path", ["/sundhed/live", "/sundhed/klar"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.1.2.3", "web-7f9c"])
def test_probes_are_answered_by_any_name(client, db, path, host):
    assert client.get(path, headers={"host": host}).status_code == 200


def test_an_unknown_host_is_refused(client, db):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
