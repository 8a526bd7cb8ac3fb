"""`make test`: every test, part by part, and a plain word on what ran and what was left out and why.

1. On the embedded SQLite: what touches no database, and what is written otherwise for it than for PostgreSQL. Where no
   PostgreSQL answers, or with `EVERY_ENGINE=1`, everything that needs neither a server nor a browser.
2. On PostgreSQL: everything that touches a database.
3. In a browser, against a running server, on SQLite.
4. On Redis: the cache, and tasks through a worker. On both: a night by several workers, some of which are killed. These
   wait for others most of their time, so they run beside the rest, one after the other, and tell at the end.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` say which servers; by default the local ones, if they answer.

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
from concurrent.futures import ThreadPoolExecutor
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
    is_beside: bool = False


@dataclass(frozen=True)
class Result:
    """What became of a part, in words, whether that is bad, and what it said if nobody has seen that yet."""

    part: Part
    words: str
    is_bad: bool
    said: str = ""


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
    names_a_path = any(not argument.startswith("-") for argument in sys.argv[1:])
    # In one process all parts would make the same database.
    is_beside = os.environ.get("TEST_WORKERS") != "0"
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
            is_beside=is_beside,
        ),
        Part(
            "PostgreSQL and Redis",
            ["-m", "redis and postgres"],
            {"DATABASE_URL": database, "TEST_DATABASE_URL": database, "TEST_REDIS_URL": queue},
            lacking="" if database and queue else "it takes both, a PostgreSQL and a Redis",
            is_beside=is_beside,
        ),
        Part(
            "browser",
            [*workers, "-m", "browser", *([] if names_a_path else ["tests/browser"])],
            {"CHROMIUM": browser},
            lacking="" if browser else "no Chromium is installed",
        ),
    ]


def run(part: Part) -> Result:
    if part.lacking:
        words = "failed: may not be left out" if CI else f"left out, {part.lacking}"
        return Result(part, words, CI, f"left out: {part.lacking}")
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *part.arguments, *sys.argv[1:]],
        env={**os.environ, **part.environment},
        stdout=subprocess.PIPE if part.is_beside else None,
        stderr=subprocess.STDOUT if part.is_beside else None,
        text=True,
        check=False,
    )
    took = f"{time.monotonic() - started:.0f} s"
    is_bad = done.returncode != 0
    return Result(part, f"{'FAILED' if is_bad else 'passed'} in {took}", is_bad, done.stdout or "")


def main() -> int:
    everything = parts()
    results = []
    with ThreadPoolExecutor(1) as aside:
        beside = [aside.submit(run, part) for part in everything if part.is_beside]
        print("Beside the rest: " + (", ".join(part.name for part in everything if part.is_beside) or "nothing"))
        for part in (part for part in everything if not part.is_beside):
            print(f"\n=== {part.name} ===", flush=True)
            results.append(run(part))
            print(results[-1].said, flush=True)
        for waited in beside:
            results.append(waited.result())
            print(f"\n=== {results[-1].part.name} ===\n{results[-1].said}", flush=True)
    print("\n=== What ran ===")
    for result in results:
        print(f"{result.part.name}: {result.words}")
    return int(any(result.is_bad for result in results))


if __name__ == "__main__":
    sys.exit(main())
