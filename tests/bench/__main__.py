"""`make bench`: how fast people are loaded, let in and fetched on this machine, beside the bare means and the targets.

Works on databases of its own on the server at BENCH_DATABASE_URL, by default a local one, and drops them at the end.
`python -m tests.bench fetching answering` measures these parts only; `measure.PARTS` has their names.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command

from .server import Failed, NoServer, Server, server


def main(*parts: str) -> int:
    try:
        with server() as found, tempfile.TemporaryDirectory() as folder:
            return measure(found, Path(folder), parts)
    except NoServer as absence:
        print(f"Nothing was measured: {absence}.", file=sys.stderr)
    except Failed as failure:
        print(f"The measurement ended early: {failure}", file=sys.stderr)
    return 1


def measure(found: Server, folder: Path, parts: Sequence[str]) -> int:
    started = time.monotonic()
    template = found.make("template")
    prepare(found.url_of(template))
    # They need the settings that `prepare` has set up.
    from .measure import Bench, Figure  # noqa: PLC0415

    print(machine(found), flush=True)
    print(f"\n| {'what':<44} | {'measured':>12} | {'target':>14} | met | {'bare limit in the same run':<46} |")
    print(f"|{'-' * 46}|{'-' * 13}:|{'-' * 15}:|-----|{'-' * 48}|", flush=True)
    figures: list[Figure] = []
    for figure in Bench(found, template, folder).figures(parts):
        figures.append(figure)
        target = f"{'<=' if figure.at_most else '>='} {shown(figure.target)}{figure.unit}"
        met = "yes" if figure.is_met else "NO"
        value = f"{shown(figure.value)}{figure.unit}"
        print(f"| {figure.what:<44} | {value:>12} | {target:>14} | {met:<3} | {figure.bare:<46} |", flush=True)
    missed = [figure.what for figure in figures if not figure.is_met]
    print(
        f"\n{time.monotonic() - started:.0f} s. " + (f"Missed: {', '.join(missed)}." if missed else "All targets met.")
    )
    return int(bool(missed))


def shown(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


def prepare(url: str) -> None:
    """Set Django up on a database, make the tables, and fill the registers: the tool's, and schools of our own."""
    os.environ["DATABASE_URL"] = url
    from tests import environment  # noqa: F401, PLC0415 - the settings of the tests

    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["DJANGO_SETTINGS_MODULE"] = "unilogin_portal.settings"
    django.setup()
    from django.db import connection  # noqa: PLC0415

    from institutions.models import Institution, InstitutionKind, InstitutionLevel  # noqa: PLC0415

    from .files import NATION, OTHER_NUMBERS, OWN_NUMBERS, SHARED  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if NATION.exists():
        for register in ("institutionsregister", "dagtilbudsregister"):
            call_command("import_register", register, str(SHARED / "register" / f"{register}.csv"), stdout=StringIO())
    school = {"kind": InstitutionKind.SCHOOL, "level": InstitutionLevel.SCHOOL}
    numbers = OWN_NUMBERS + OTHER_NUMBERS
    Institution.objects.bulk_create(Institution(number=number, name=number, **school) for number in numbers)
    connection.close()


def machine(found: Server) -> str:
    """Say what this was measured on, and how busy it was already."""
    return (
        f"{os.cpu_count()} cores ({_first_of('/proc/cpuinfo', 'model name') or platform.processor()}), "
        f"{_memory()} memory; Python {platform.python_version()}, PostgreSQL {found.version()} on the same machine; "
        f"load before: {os.getloadavg()[0]:.1f}"
    )


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 1024**3:.0f} GB"


def _first_of(path: str, name: str) -> str:
    try:
        lines: Iterable[str] = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
