"""`make test`: every test, part by part, and a plain word on what ran and what was left out and why.

1. On the embedded SQLite: what touches no database, and what is written otherwise for it than for PostgreSQL. Where no
   PostgreSQL answers, or with `EVERY_ENGINE=1`, everything that needs neither a server nor a browser.
2. On PostgreSQL: everything that touches a database. On Redis: the cache, and tasks through a worker. On both: a night
   by several workers, some of which are killed.
   `TEST_DATABASE_URL` and `TEST_REDIS_URL` say which servers; by default the local ones, if they answer.
3. In a browser, against a running server, on SQLite.

The first two make their tables from the models, which takes each process a second in place of nine. The others migrate,
on either database; `make check` shows that the migrations lead to the models.

With `CI=true` nothing may be left out: a missing server or browser is a failure.
"""

import getpass
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

import psycopg
import redis

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
LOCAL_DATABASES = [f"postgres://{user}@127.0.0.1:5432/postgres" for user in ("postgres", getpass.getuser())]
LOCAL_REDIS = "redis://127.0.0.1:6379/15"
# The first one found. The headless shell is the same browser without what nobody sees: two thirds of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Part:
    """One run of pytest: its name, what it selects, what it adds to the environment, and why it cannot run, if so."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    lacking: str = ""


def database_url() -> str:
    """Return the first database that answers, or nothing."""
    given = os.environ.get("TEST_DATABASE_URL")
    for url in [given] if given else LOCAL_DATABASES:
        try:
            psycopg.connect(url.replace("postgres://", "postgresql://"), connect_timeout=2).close()
        except psycopg.Error:
            continue
        return url
    return ""


def redis_url() -> str:
    """Return the Redis that answers, or nothing."""
    url = os.environ.get("TEST_REDIS_URL", LOCAL_REDIS)
    try:
        redis.Redis.from_url(url, socket_connect_timeout=2).ping()
    except redis.RedisError:
        return ""
    return url


def parts() -> list[Part]:
    database, queue = database_url(), redis_url()
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    is_shown_there = database and not os.environ.get("EVERY_ENGINE")
    workers = ["-n", os.environ.get("TEST_WORKERS", "2")]
    return [
        Part(
            "SQLite",
            [*workers, "--no-migrations", "-m", "not postgres and not redis and not browser"],
            {"TEST_ONLY": "embedded"} if is_shown_there else {},
        ),
        Part(
            "PostgreSQL",
            [*workers, "--no-migrations", "-m", "not redis and not browser"],
            {"DATABASE_URL": database, "TEST_DATABASE_URL": database, "TEST_ONLY": "database"},
            lacking="" if database else "no PostgreSQL answers at TEST_DATABASE_URL, nor a local one",
        ),
        Part(
            "Redis",
            ["-m", "redis and not postgres"],
            {"TEST_REDIS_URL": queue},
            lacking="" if queue else "no Redis answers at TEST_REDIS_URL, nor a local one",
        ),
        Part(
            "PostgreSQL and Redis",
            ["-m", "redis and postgres"],
            {"DATABASE_URL": database, "TEST_DATABASE_URL": database, "TEST_REDIS_URL": queue},
            lacking="" if database and queue else "it takes both, a PostgreSQL and a Redis",
        ),
        Part(
            "browser",
            [*workers, "-m", "browser"],
            {"CHROMIUM": browser},
            lacking="" if browser else "no Chromium is installed",
        ),
    ]


def main() -> int:
    results = []
    for part in parts():
        print(f"\n=== {part.name} ===", flush=True)
        if part.lacking:
            print(f"left out: {part.lacking}", flush=True)
            results.append((part, "failed: may not be left out" if CI else f"left out, {part.lacking}", CI))
            continue
        started = time.monotonic()
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *part.arguments, *sys.argv[1:]],
            env={**os.environ, **part.environment},
            check=False,
        ).returncode
        took = f"{time.monotonic() - started:.0f} s"
        results.append((part, f"{'passed' if code == 0 else 'FAILED'} in {took}", code != 0))
    print("\n=== What ran ===")
    for part, words, _ in results:
        print(f"{part.name}: {words}")
    return int(any(bad for *_, bad in results))


if __name__ == "__main__":
    sys.exit(main())
