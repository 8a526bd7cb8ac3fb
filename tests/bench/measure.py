"""The figures, each measured by the command that a night runs, in a process of its own."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.run import redis_url

from . import files, limits
from .server import Failed, Server

_HELD = (2_000, 200_000)
_LARGE = 5_000  # persons in one delivery
_PUPILS = (900, 9_000)  # of the schools that are fetched
_CONSENT = "dataagreements.consent.may_deliver"  # as in production
PARTS = ("nights", "growth", "logins", "fetching", "answering", "campaigns", "statistics")


@dataclass(frozen=True)
class Figure:
    """One line of the table. `at_most`: the target is not to be passed, instead of to be reached."""

    what: str
    value: float
    unit: str
    target: float
    bare: str = ""
    at_most: bool = False

    @property
    def is_met(self) -> bool:
        return self.value <= self.target if self.at_most else self.value >= self.target


@dataclass(frozen=True)
class Run:
    """What `import_users --json` said of itself."""

    persons: int
    seconds: float
    megabytes: float

    @property
    def rate(self) -> float:
        return self.persons / self.seconds


class Bench:
    def __init__(self, server: Server, template: str, folder: Path) -> None:
        self.server, self.template, self.folder = server, template, folder

    def figures(self, parts: Collection[str] = ()) -> Iterator[Figure]:
        """Measure these parts of it, or all."""
        for name in parts or PARTS:
            if name not in PARTS:
                raise Failed(f"there is no part {name}, only {', '.join(PARTS)}")
            yield from getattr(self, name)()

    def nights(self) -> Iterator[Figure]:
        night = files.write_country(self.folder / "night0", night=0)
        hashing, walking = limits.hashing(night), limits.walking(night)
        first = self.best(lambda: load(self.server.url_of(self.fresh("nights")), night))
        database = self.server.name_of("nights")
        copying = limits.copying(self.server, database, self.fresh("copied"))
        persons = first.persons
        written = f"COPY of the rows {persons / copying:,.0f}/s"
        walked = f"lxml {persons / walking:,.0f}/s"
        yield Figure("first load, one process", first.rate, "/s", 3_000, f"{written}, {walked}")
        two = self.best(lambda: load(self.server.url_of(self.fresh("two")), night, "--workers", "2"))
        yield Figure("first load, two processes", two.rate, "/s", 5_000, written)
        yield from self.later_nights(self.server.url_of(database), night, persons / hashing, walked)
        yield from self.memory(first, night)

    def later_nights(self, url: str, night: Path, hashed: float, walked: str) -> Iterator[Figure]:
        same = self.best(lambda: load(url, night), tries=3)
        yield Figure("the same bytes again", same.rate, "/s", 200_000, f"SHA-256 {hashed:,.0f}/s")
        yield from self.consent(night)
        later = [files.later(night, hours) for hours in (1, 2)]
        dry = self.best(lambda: load(url, later[0], "--dry-run"))
        runs = iter(later)
        renewed = self.best(lambda: load(url, next(runs)))
        before = self.server.make("before", template=self.server.name_of("nights"))
        yield Figure("the same people under a new time", renewed.rate, "/s", 10_000, walked)
        yield Figure("dry run of the same", dry.rate, "/s", renewed.rate, "as fast as loading it")
        following = files.write_country(self.folder / "night1", night=1)
        changed = self.best(lambda: load(self.server.url_of(self.server.make("after", template=before)), following))
        yield Figure("with 1 % changes", changed.rate, "/s", 8_000, walked)

    def consent(self, night: Path) -> Iterator[Figure]:
        """The same bytes once more, each asked about whether its system may deliver; beside it, unasked."""
        agreed = self.server.make("consent", template=self.server.name_of("nights"))
        url = self.server.url_of(agreed)
        told = json.loads(python("-m", "tests.bench.answering", "consent", url=url))
        asked, unasked = [], []
        for _ in range(4):  # in turn, so that what else the machine does slows both down
            asked.append(load(url, night, IMPORT_CONSENT=_CONSENT))
            unasked.append(load(url, night))
        first, second = (min(run.seconds for run in runs) * 1000 / told["count"] for runs in (asked, unasked))
        bare = f"{first:,.2f} ms in all; asked one by one {told['alone'] * 1000 / told['count']:,.2f} ms"
        yield Figure("asking for its agreement, a delivery", first - second, " ms", 0.25, bare, at_most=True)

    def memory(self, many: Run, night: Path) -> Iterator[Figure]:
        number = files.OWN_NUMBERS[-1:]
        large = files.write_schools(self.folder / "large", number, _LARGE * 11 // 12)
        url = self.server.url_of(self.fresh("large"))
        whole = load(url, large)
        again = load(url, files.write_schools(self.folder / "large1", number, _LARGE * 11 // 12, night=1))
        what = f"peak memory, one delivery of {whole.persons:,} persons"
        yield Figure(what, max(whole.megabytes, again.megabytes), " MB", 300, at_most=True)
        few = self.folder / "few"
        few.mkdir()
        largest = sorted(night.iterdir(), key=lambda file: -file.stat().st_size)[:3]
        for file in largest:
            (few / file.name).symlink_to(file)
        start = load(self.server.url_of(self.fresh("few")), few)
        grown = many.megabytes - start.megabytes
        count = len(list(night.iterdir()))
        yield Figure(f"memory of {count} deliveries, more than of 3", grown, " MB", 25, at_most=True)

    def growth(self) -> Iterator[Figure]:
        """Load and load again the same schools where few people are held, and where many are."""
        nights = [
            files.write_schools(self.folder / f"grown{night}", files.OWN_NUMBERS[:8], 400, night=night)
            for night in (0, 1)
        ]
        costs: dict[int, list[float]] = {}
        for held in _HELD:
            filled = self.fresh(f"held{held}")
            python("-m", "tests.bench.fill", str(held), url=self.server.url_of(filled))
            tries = []
            for _ in range(2):
                url = self.server.url_of(self.server.make("growth", template=filled))
                tries.append([1e6 / load(url, night).rate for night in nights])
            costs[held] = [min(cost) for cost in zip(*tries, strict=True)]
        for what, few, many in zip(("first load", "1 % changes"), *costs.values(), strict=True):
            bare = f"{few:,.0f} µs with {_HELD[0]:,} held, {many:,.0f} µs with {_HELD[1]:,}"
            yield Figure(f"cost of a person, {what}", many / few, " times", 1.25, bare, at_most=True)

    def logins(self) -> Iterator[Figure]:
        """A school's morning over HTTP, every twentieth pupil with a wrong password first."""
        told = json.loads(python("-m", "tests.bench.logins", url=self.server.url_of(self.fresh("logins"))))
        pupils, hashing = told["pupils"], told["hash_ms"]
        yield Figure(f"of {pupils} pupils behind one address, let in", told["admitted"], "", pupils, "5 % mistype once")
        tries = pupils * 21 // 20
        bare = f"Argon2 alone {1000 / hashing * told['processes']:,.0f}/s"
        yield Figure("log-ins over HTTP, three pages each", tries / told["seconds"], "/s", 10, bare)
        own = told["login_ms"] - hashing
        yield Figure("CPU of a log-in apart from its hash", own, " ms", 8, f"its hash {hashing:,.1f} ms", at_most=True)

    def fetching(self) -> Iterator[Figure]:
        """Schools fetched by a supplier's system over HTTP."""
        url = self.server.url_of(self.fresh("fetching"))
        schools = dict(zip(files.OTHER_NUMBERS, _PUPILS, strict=False))
        for number, pupils in schools.items():
            load(url, files.write_schools(self.folder / number, [number], pupils))
        self.server.analyze(self.server.name_of("fetching"))
        tokens = json.loads(python("-m", "tests.bench.fetching", "agree", *schools, url=url))
        number = next(iter(schools))
        told = json.loads(python("-m", "tests.bench.fetching", "time", number, tokens[number], url=url))
        for package in ("fuldmyndighed", "lille"):
            one = told[package]
            what = f"export of {_PUPILS[0]} pupils, {package}"
            bare = f"best {one['best'] * 1000:,.0f} ms; COPY {told['copying'] * 1000:,.0f} ms"
            bare += f", lxml writing {one['writing'] * 1000:,.0f} ms"
            yield Figure(what, one["median"] * 1000, " ms", 400, bare, at_most=True)
        few, many = (
            json.loads(python("-m", "tests.bench.fetching", "memory", number, tokens[number], url=url))
            for number in schools
        )
        what = f"memory, export of {_PUPILS[1]:,} more than of {_PUPILS[0]}"
        yield Figure(what, many - few, " MB", 3, f"{few:,.0f} MB, {many:,.0f} MB whole process", at_most=True)
        users = told["users"]
        yield Figure("OneRoster: pages of 100 users", users["rate"], "/s", 5, f"the bare query {users['bare']:,.0f}/s")

    def answering(self) -> Iterator[Figure]:
        """Requests to many institutions, and all of them answered in one act."""
        told = json.loads(python("-m", "tests.bench.answering", url=self.server.url_of(self.fresh("answering"))))
        asked, answered = f"{told['institutions']:,}", f"{told['requests']:,}"
        for what, name, target in (
            (f"a request to {asked} institutions", "asking", 5),
            (f"{answered} requests approved in one act", "approving", 5),
            (f"{answered} in the place of as many", "replacing", 5),
        ):
            bare = f"best {min(told[name]):,.2f} s; its rows alone {told[f'bare_{name}']:,.2f} s"
            yield Figure(what, statistics.median(told[name]), " s", target, bare, at_most=True)

    def campaigns(self) -> Iterator[Figure]:
        """A week opened by hand, and a thousand mails with links by workers on Redis."""
        environment = {
            "REDIS_URL": redis_url(),
            "CELERY_QUEUE": f"bench-{os.getpid()}",
            "EMAIL_URL": f"filemail:///{self.folder / 'mail'}",
        }
        url = self.server.url_of(self.fresh("campaigns"))
        told = json.loads(python("-m", "tests.bench.campaigns", url=url, **environment))
        asked = told["asked"]
        bare = f"writing them alone {told['writing']:,.2f} s; {told['with']}"
        yield Figure(f"a week opened and mailed to {asked:,}", told["mailed"], " s", 30, bare, at_most=True)
        bare = f"COPY of its rows {told['copying'] * 1000:,.0f} ms"
        yield Figure(f"a week opened for {asked:,}", told["opened"], " s", 1, bare, at_most=True)
        yield Figure("mails that went, of that", told["mails"], "", asked)

    def statistics(self) -> Iterator[Figure]:
        """A year of sick leave on one page, and what one week costs when an answer has come."""
        told = json.loads(python("-m", "tests.bench.figures", url=self.server.url_of(self.fresh("statistics"))))
        weeks, asked = told["weeks"], f"{told['asked']:,}"
        for name in ("staff", "pupils"):
            what = f"statistics, {weeks} weeks of {asked}: {name}"
            bare = f"best {min(told[name]) * 1000:,.0f} ms; the bare query {told['bare'] * 1000:,.2f} ms"
            yield Figure(what, statistics.median(told[name]) * 1000, " ms", 300, bare, at_most=True)
        bare = f"the bare sums {told['bare_refresh'] * 1000:,.0f} ms"
        yield Figure("figures of a week anew", told["refresh"], " s", 1, bare, at_most=True)
        rest = ", ".join(f"{name} {value:,.2f} s" for name, value in told["files"].items() if name != "xlsx")
        yield Figure("open data, a year as xlsx", told["files"]["xlsx"], " s", 10, rest, at_most=True)

    def fresh(self, purpose: str) -> str:
        return self.server.make(purpose, template=self.template)

    @staticmethod
    def best(act: Callable[[], Run], tries: int = 2) -> Run:
        """Run it more than once: whatever else the machine does can only slow it down."""
        return min((act() for _ in range(tries)), key=lambda run: run.seconds)


def load(url: str, folder: Path, *options: str, **environment: str) -> Run:
    """Load a folder by the command, in a process of its own."""
    told = json.loads(python("manage.py", "import_users", str(folder), "--json", *options, url=url, **environment))
    return Run(told["persons"], told["seconds"], told["peak_rss_mb"])


def python(*arguments: str, url: str, **environment: str) -> str:
    """Run Python on these settings and this database, and return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Failed(f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stderr[-500:]}")
    return done.stdout
