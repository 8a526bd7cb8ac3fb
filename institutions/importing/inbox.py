"""The inbox: the files that suppliers' systems put into the inbox folder become deliveries that wait.

A file is claimed by renaming it into `taken/`, so that of two machines one gets it and a new file of the same name is
not mistaken for it. It is removed once what came of it stands in the database. Whoever dies in between leaves it
there, and after a while somebody takes it from there: that is always safe, as the same delivery is one row.

Nothing that is refused is kept. It holds CPR numbers in the clear, the sender has it, and the run says what is wrong.
"""

import os
import time
import uuid
from dataclasses import replace
from pathlib import Path

import structlog
from django.conf import settings
from django.db import OperationalError

from . import sources
from .hidden import shown_file_name
from .reasons import DeliveryRejected, Reason
from .reception import receive
from .refusal import refuse
from .report import RunReport
from .sources import Delivery

log = structlog.get_logger("unilogin.import")

TAKEN = "taken"
_LONGEST_NAME = 200  # bytes; a file system takes 255, and the claim stands in front


def take_up(*, at_once: bool = False) -> list[RunReport]:
    """Store what lies in the inbox; return what became of files that come to nothing: refused, or the same as before.

    A file is left alone until nothing has touched it for `IMPORT_INBOX_SECONDS`; with `at_once` it is not.
    """
    inbox: Path = settings.IMPORT_INBOX
    quiet = 0 if at_once else settings.IMPORT_INBOX_SECONDS
    claims = (_claim(file, inbox / TAKEN) for folder in (inbox / TAKEN, inbox) for file in _ready(folder, quiet))
    reports = [_receive_one(claim) for claim in claims if claim]
    return [report for report in reports if report]


def _ready(folder: Path, quiet: float) -> list[Path]:
    """Return the folder's deliveries in the order of their names. Links are not followed."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if _is_delivery(entry) and _is_quiet(entry, quiet))


def _is_delivery(entry: os.DirEntry[str]) -> bool:
    is_named_so = entry.name.lower().endswith(".xml") and not entry.name.startswith(".")
    return is_named_so and entry.is_file(follow_symlinks=False)


def _is_quiet(entry: os.DirEntry[str], seconds: float) -> bool:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # somebody else has just claimed it
        return False
    # A file that is copied with its old date has a new ctime.
    return not seconds or max(status.st_mtime, status.st_ctime) <= time.time() - seconds


def _claim(file: Path, taken: Path) -> Path | None:
    """Make the file ours, or return None where somebody else was first."""
    name = file.name.partition("_")[2] if file.parent == taken else file.name
    claim = taken / f"{uuid.uuid4().hex}_{os.fsdecode(os.fsencode(name)[-_LONGEST_NAME:])}"
    try:
        taken.mkdir(exist_ok=True)
        file.rename(claim)
        os.utime(claim, (time.time(), time.time()))
    except FileNotFoundError:
        return None
    except OSError as error:
        log.error("inbox_not_writable", error=type(error).__name__)
        return None
    return claim


def _receive_one(claim: Path) -> RunReport | None:
    """Receive a file; one that cannot be received stays where it is, and those behind it have their turn."""
    try:
        return _receive(claim)
    except OperationalError:
        raise
    except Exception as error:
        log.error("inbox_file_not_received", error=type(error).__name__)
        return None


def _receive(claim: Path) -> RunReport | None:
    """Store the delivery, or tell what is wrong with it; then the file goes."""
    name = shown_file_name(claim.name.partition("_")[2])
    try:
        delivery = replace(sources.open_file(claim), name=name)
    except DeliveryRejected as rejection:
        if rejection.reason == Reason.UNREADABLE:  # it may be the folder that fails: the file stays and is tried again
            log.error("inbox_file_unreadable", file=name)
            return None
        report: RunReport | None = refuse(Delivery(name, b"", ""), None, rejection)
    else:
        report = receive(delivery)
    claim.unlink(missing_ok=True)
    return report
