"""Databases that are made for the measurement and dropped after it."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

LOCAL = [f"postgres://{user}@127.0.0.1:5432/postgres" for user in ("postgres", getpass.getuser())]


class NoServer(Exception):
    """No PostgreSQL answers."""


class Failed(Exception):
    """A command that is measured did not do what it should."""


class Server:
    """A PostgreSQL server on which we may make databases. `url` names one to connect to meanwhile."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made: list[str] = []

    def url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def connect(self, name: str = "") -> psycopg.Connection:
        url = self.url_of(name) if name else self.url
        return psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=not name, connect_timeout=3)

    @staticmethod
    def name_of(purpose: str) -> str:
        return f"bench_{os.getpid()}_{purpose}"

    def version(self) -> str:
        with self.connect() as connection:
            return str(connection.info.parameter_status("server_version")).partition(" ")[0]

    def make(self, purpose: str, *, template: str = "template1") -> str:
        """Make a database as a copy of another, and return its name; one of that name is dropped first."""
        name = self.name_of(purpose)
        with self.connect() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        if name not in self._made:
            self._made.append(name)
        return name

    def analyze(self, name: str) -> None:
        """Tell the planner what is in a database, as autovacuum does within a minute where it is on."""
        with self.connect(name) as connection:
            connection.execute("ANALYZE")

    def drop_all(self) -> None:
        with self.connect() as connection:
            for name in self._made:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def server() -> Iterator[Server]:
    """Find the server at BENCH_DATABASE_URL, else a local one. Raises `NoServer`."""
    given = os.environ.get("BENCH_DATABASE_URL")
    for url in [given] if given else LOCAL:
        try:
            Server(url).version()
        except psycopg.Error:
            continue
        found = Server(url)
        try:
            yield found
        finally:
            found.drop_all()
        return
    raise NoServer(f"no PostgreSQL answers at {given or 'BENCH_DATABASE_URL, nor a local one'}")
