"""A school's morning: pupils behind one address log in over HTTP, and what a log-in costs apart from its hash.

`python -m tests.bench.logins` does it on the database at DATABASE_URL, which must have its tables, and prints JSON.
"""

import json
import os
import re
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import django

PUPILS = 400
WRONG_ONE_IN = 20  # 5 %
PASSWORD, WRONG = "lampeskov", "lampesko"  # everybody's here
AT_ONCE = 16
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def fill() -> list[str]:
    """Put pupils with passwords into the database; return their user names."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import Credential, Person, User  # noqa: PLC0415
    from accounts.models.user import ActorGroup  # noqa: PLC0415
    from accounts.policy import Band  # noqa: PLC0415
    from accounts.states import UserState  # noqa: PLC0415

    hashed, now = make_password(PASSWORD), timezone.now()
    names = [f"anna{number:04d}" for number in range(PUPILS)]
    people = Person.objects.bulk_create(
        Person(cpr=Person.sealed_cpr(f"{number:010d}"), first_name="Anna", family_name="Holm")
        for number in range(PUPILS)
    )
    users = User.objects.bulk_create(
        User(
            person=person,
            username=name,
            state=UserState.ACTIVE,
            password=hashed,
            password_band=Band.MIDDLE_YEARS,
            actor_group=ActorGroup.STUDENT,
            is_affiliated=True,
        )
        for person, name in zip(people, names, strict=True)
    )
    Credential.objects.bulk_create(Credential(user=user, band=Band.MIDDLE_YEARS, made_at=now) for user in users)
    return names


@contextmanager
def portal(processes: int) -> Iterator[str]:
    """Run gunicorn as production does; yield its origin."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    gunicorn = ["gunicorn", "unilogin_portal.wsgi", "--config", "unilogin_portal/gunicorn.py"]
    server = subprocess.Popen(
        [sys.executable, "-m", *gunicorn, "--bind", f"127.0.0.1:{port}"],
        env={**os.environ, "ORIGIN": origin, "WEB_WORKERS": str(processes), "LOG_LEVEL": "ERROR"},
    )
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{origin}/sundhed/live", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield origin
    finally:
        server.terminate()
        server.wait(timeout=20)


class Pupil:
    """A browser that knows how to log in."""

    def __init__(self, origin: str, username: str) -> None:
        self.origin, self.username = origin, username
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.token = ""

    def logs_in(self, *, mistypes: bool) -> tuple[int, bool]:
        """Return how many tries it took, and whether the last one led in."""
        self.send("/login/brugernavn/")
        self.send("/login/brugernavn/", username=self.username)
        tries = [WRONG, PASSWORD] if mistypes else [PASSWORD]
        where = ""
        for password in tries:
            where = self.send("/login/adgangskode/", password=password)
        return len(tries), where.endswith("/mit-unilogin/")

    def send(self, path: str, **form: str) -> str:
        data = urlencode({**form, "csrfmiddlewaretoken": self.token}).encode() if form else None
        with self.opener.open(self.origin + path, data=data, timeout=60) as response:
            text = response.read().decode()
            if found := _TOKEN.search(text):
                self.token = found.group(1)
            return str(response.url)


def morning(origin: str, names: list[str]) -> dict[str, float]:
    """Let all log in at once, some after a wrong try; return how many came in, and how fast."""

    def log_in(number: int) -> tuple[int, bool]:
        return Pupil(origin, names[number]).logs_in(mistypes=number % WRONG_ONE_IN == 0)

    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        results = list(threads.map(log_in, range(len(names))))
    seconds = time.perf_counter() - started
    return {"admitted": sum(came_in for _, came_in in results), "seconds": seconds}


def own_cost(names: list[str]) -> dict[str, float]:
    """Return the CPU of the request that logs in, and of the hash within that very request, each in milliseconds.

    On its own the hash is faster: there its 19 MB stay allocated.
    """
    from django.contrib.auth.hashers import get_hasher  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    hasher = type(get_hasher("argon2"))
    verify, hashing = hasher.verify, [0.0]

    def timed(self: Any, password: str, encoded: str) -> bool:
        before = _cpu()
        try:
            return bool(verify(self, password, encoded))
        finally:
            hashing[0] += _cpu() - before

    clients = []
    for name in names[:110]:
        client = Client()
        client.post(reverse("login:username"), {"username": name})
        clients.append(client)
    for client in clients[:10]:  # what is done once a process is done
        client.post(reverse("login:password"), {"password": PASSWORD})
    hasher.verify = timed  # type: ignore[method-assign]
    measured = clients[10:]
    whole = cpu_of(lambda client: client.post(reverse("login:password"), {"password": PASSWORD}), measured)
    return {"login_ms": whole, "hash_ms": hashing[0] * 1000 / len(measured)}


def cpu_of(act: Callable[[Any], object], over: Collection[Any]) -> float:
    """Return the CPU time of one act, in milliseconds, this process alone."""
    before = _cpu()
    for thing in over:
        act(thing)
    return (_cpu() - before) * 1000 / len(over)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    django.setup()
    names = fill()
    processes = os.cpu_count() or 2
    with portal(processes) as origin:
        came = morning(origin, names)
    told = {**came, **own_cost(names[::-1]), "pupils": len(names), "processes": processes}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
