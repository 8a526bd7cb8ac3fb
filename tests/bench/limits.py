"""What the bare means manage on the same files and rows: no import can be faster."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from .server import Server

TABLES = (
    "accounts_person",
    "accounts_user",
    "institutions_group",
    "institutions_membership",
    "institutions_membershipgroup",
    "accounts_contactrelation",
)


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def hashing(folder: Path) -> float:
    """Return the seconds for reading these files and hashing them."""
    return min(
        _seconds(lambda: [hashlib.sha256(file.read_bytes()).digest() for file in folder.iterdir()]) for _ in "123"
    )


def walking(folder: Path) -> float:
    """Return the seconds that lxml takes for walking through these files, person by person."""

    def walk() -> None:
        for file in folder.iterdir():
            for _, element in etree.iterparse(file, tag="{*}InstitutionPerson"):
                for _ in element.iter():
                    pass
                element.clear()

    return min(_seconds(walk) for _ in range(2))


def copying(server: Server, source: str, target: str) -> float:
    """Return the seconds for COPY of all rows about people from memory into the same tables, constraints and all."""
    rows = {}
    with server.connect(source) as connection:
        for table in TABLES:
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                rows[table] = b"".join(bytes(part) for part in copy)

    def load() -> None:
        with server.connect(target) as connection:
            for table in TABLES:
                with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows[table])

    return _seconds(load)
