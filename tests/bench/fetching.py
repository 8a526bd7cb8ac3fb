"""A supplier's night: schools fetched with ws17 and OneRoster, over HTTP, by agreement.

`python -m tests.bench.fetching` works on the database at DATABASE_URL, which must hold the people, and prints JSON:

| argument | what |
|---|---|
| `agree NUMBER…` | one system for each school, with an agreement on everything; prints the tokens |
| `time NUMBER TOKEN` | seconds of each package, and of the bare means; pages of OneRoster a second |
| `memory NUMBER TOKEN` | the most memory, in MB, that a process takes which does nothing but export the school |
"""

import http.client
import io
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from lxml import etree  # noqa: E402

from dataagreements import services  # noqa: E402
from dataagreements.models import Agreement, Provider  # noqa: E402
from dataagreements.packages import OPTIONAL, Package  # noqa: E402
from dataagreements.states import AgreementAction  # noqa: E402
from institutions.importing.report import peak_rss_mb  # noqa: E402
from institutions.models import Institution  # noqa: E402
from tests.agreements import ask, make_system  # noqa: E402
from tests.machines import machine_of  # noqa: E402
from tests.officers import MUNICIPALITY, SUPPLIER, make_officer  # noqa: E402

from .logins import portal  # noqa: E402

TRIES = 15
PAGE = 100
_ROSTER = "/ims/oneroster/rostering/v1p2/users"
_ALL = {package: {"pakke": package.value, "inkluderCpr": "true"} for package in (Package.FULL_AUTHORITY, Package.SMALL)}

# The rows of an answer of everything, and of a page of users, as plainly as they can be asked for.
_ROWS = [
    "SELECT m.*, p.*, u.uniid FROM institutions_membership m JOIN accounts_person p ON p.id = m.person_id"
    " JOIN accounts_user u ON u.person_id = p.id JOIN institutions_institution i ON i.id = m.institution_id"
    " WHERE i.number = '{number}' AND m.to_date IS NULL",
    "SELECT r.*, p.*, u.uniid FROM accounts_contactrelation r JOIN accounts_person p ON p.id = r.contact_id"
    " JOIN accounts_user u ON u.person_id = p.id WHERE r.institution = '{number}' AND r.to_date IS NULL",
]
_USERS = """
    SELECT u.uniid, p.first_name, p.family_name, p.email, m.roles, m.level, m.local_person_id
        FROM institutions_membership m JOIN accounts_person p ON p.id = m.person_id
        JOIN accounts_user u ON u.person_id = p.id JOIN institutions_institution i ON i.id = m.institution_id
        WHERE i.number = %s AND m.to_date IS NULL ORDER BY m.person_id LIMIT %s OFFSET %s"""


def agree(numbers: list[str]) -> dict[str, str]:
    """Let a system fetch all that there is of each school, one each; return their tokens by number."""
    Institution.objects.filter(number__in=numbers).update(cvr=MUNICIPALITY)
    nadia, sune = make_officer("Nadia Færch", cvr=MUNICIPALITY), make_officer("Sune Bak", cvr=SUPPLIER)
    provider = Provider.objects.create(name="Læsebroen", cvr=SUPPLIER, email="post@example.dk")
    everything = {"package": Package.FULL_AUTHORITY, "ticked": frozenset(OPTIONAL[Package.FULL_AUTHORITY])}
    tokens = {}
    for number in numbers:
        system = make_system(provider, f"System {number}")
        ask(system, sune, Institution.objects.get(number=number), **everything)
        services.answer(Agreement.objects.filter(system=system), AgreementAction.APPROVE, by=nadia.actor)
        tokens[number] = machine_of(system, sune).token
    return tokens


def measure(number: str, token: str) -> dict[str, Any]:
    """Time answers over HTTP, from the request to the last byte, and the bare means with the same."""
    told: dict[str, Any] = {}
    with portal(1) as origin:
        fetch = _fetcher(origin, token)
        for package, query in _ALL.items():
            answer = fetch(f"/api/eksport/v7/{number}", query)
            tries = [_seconds(lambda q=query: fetch(f"/api/eksport/v7/{number}", q)) for _ in range(TRIES)]
            told[package.value] = {
                **_best_and_median(tries),
                "megabytes": len(answer) / 1e6,
                "people": answer.count(b"<InstitutionPerson "),
                "persons": answer.count(b"</Person>"),
                "writing": min(_seconds(_writer(answer)) for _ in range(3)),
            }
        told["copying"] = min(_seconds(lambda: _copy_out(number)) for _ in range(5))
        told["users"] = _pages(fetch, number)
    return told


def _pages(fetch: Callable[..., bytes], number: str) -> dict[str, float]:
    """Fetch all users, page by page; return the pages, and how many a second, here and by the bare query."""
    offsets: list[int] = []
    while not offsets or len(json.loads(fetch(_ROSTER, _page(offsets[-1])))["users"]) == PAGE:
        offsets.append(len(offsets) * PAGE)
    rounds = [_seconds(lambda: [fetch(_ROSTER, _page(offset)) for offset in offsets]) for _ in range(3)]
    with connection.cursor() as cursor:
        bare = min(
            _seconds(lambda: [cursor.execute(_USERS, [number, PAGE, n]).fetchall() for n in offsets]) for _ in range(5)
        )
    return {"pages": len(offsets), "rate": len(offsets) / min(rounds), "bare": len(offsets) / bare}


def _page(offset: int) -> dict[str, str]:
    return {"limit": str(PAGE), "offset": str(offset)}


def memory(number: str, token: str) -> float:
    """Export a school in this process; return the most memory that it ever took, in MB."""
    answer: Any = Browser().get(
        f"/api/eksport/v7/{number}", _ALL[Package.FULL_AUTHORITY], headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.status_code
    for _ in answer.streaming_content:
        pass
    return peak_rss_mb()


def _fetcher(origin: str, token: str) -> Callable[..., bytes]:
    """Return what fetches a path, over a connection of its own: the server closes one that nothing comes over."""
    address = urlsplit(origin)

    def fetch(path: str, query: dict[str, str]) -> bytes:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)) as connected:
            connected.request("GET", f"{path}?{asked}", headers={"Authorization": f"Bearer {token}"})
            response = connected.getresponse()
            body = response.read()
        assert response.status == 200, (response.status, body[:300])
        return body

    return fetch


def _copy_out(number: str) -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for rows in _ROWS:
            with cursor.copy(f"COPY ({rows.format(number=number)}) TO STDOUT") as copy:
                for _ in copy:
                    pass


def _writer(answer: bytes) -> Callable[[], object]:
    """Return what lets lxml write this answer anew, element by element and with nothing to work out."""

    def told(of: Any) -> Iterator[tuple[Any, ...]]:
        yield "start", of.tag, dict(of.attrib), of.text
        for child in of:
            yield from told(child)
        yield "end", None, None, None

    root = etree.fromstring(answer)
    events, names = list(told(root)), root.nsmap

    def write() -> None:
        opened: list[Any] = []
        with etree.xmlfile(io.BytesIO(), encoding="UTF-8") as file:
            for kind, tag, attributes, text in events:
                if kind == "end":
                    opened.pop().__exit__(None, None, None)
                    continue
                one = file.element(tag, attributes, nsmap=None if opened else names)
                one.__enter__()
                opened.append(one)
                if text:
                    file.write(text)

    return write


def _best_and_median(tries: list[float]) -> dict[str, float]:
    return {"best": min(tries), "median": statistics.median(tries)}


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def main() -> None:
    act, *arguments = sys.argv[1:]
    if act == "agree":
        print(json.dumps(agree(arguments)))
    else:
        print(json.dumps({"time": measure, "memory": memory}[act](*arguments)))


if __name__ == "__main__":
    main()
