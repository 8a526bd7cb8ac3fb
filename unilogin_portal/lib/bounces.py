"""Mails that come back: the addresses that they come back to, and the Maildir where the mail server puts them.

Each mail is sent with a return path of its own, `<BOUNCE_EMAIL's name>+<key>@<its domain>`, so that what comes back
tells by its address alone which mail it was. What came back is read as RFC 3464 has it: a report that says *failed*.
That a mail is late, an answer by a machine, or anything else says nothing of the address.
"""

import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import structlog
from django.conf import settings

log = structlog.get_logger("unilogin.mail")

# What a report says stands at its beginning; behind it lies the mail itself.
_READ_BYTES = 256 * 1024
# What was not understood stays for somebody to look at. There may be a link in it.
_KEPT_DAYS = 14
_DAY = 24 * 3600

# Where mail servers write whom a mail was delivered to (Postfix, Exim), and what the report itself says.
_ADDRESSED = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
_STATUS = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464, RFC 6533


def return_path(key: str) -> str:
    """Return the address that a mail comes back to; the portal's own where no `BOUNCE_EMAIL` is set.

    `key` is of small letters, digits and hyphens, 44 at most: mail servers may write letters small or large, and take
    64 before the @ (RFC 5321 4.5.3.1.1).
    """
    if not settings.BOUNCE_EMAIL:
        return str(settings.DEFAULT_FROM_EMAIL)
    name, _, domain = settings.BOUNCE_EMAIL.partition("@")
    return f"{name}+{key}@{domain}"


def failed(raw: bytes) -> str:
    """Return the key of the mail that a report says could not be delivered. Empty for whatever else this is."""
    message = BytesParser().parsebytes(raw)
    if not _is_report(message) or "failed" not in _actions(message):
        return ""
    name, _, domain = settings.BOUNCE_EMAIL.partition("@")
    ours = re.compile(rf"(?<![^\s<,:]){re.escape(name)}\+([a-z0-9-]{{1,44}})@{re.escape(domain)}(?![a-z0-9.-])", re.I)
    for header in _ADDRESSED:
        for value in message.get_all(header, []):
            if found := ours.search(str(value)):
                return found[1].lower()
    return ""


def _is_report(message: Message) -> bool:
    kind = str(message.get_param("report-type", "")).lower()
    return message.get_content_type() == "multipart/report" and kind == "delivery-status" and message.is_multipart()


def _actions(message: Message) -> set[str]:
    """Return what became of the mail, by its recipients (RFC 3464 2.3.3): each mail of ours has one."""
    parts: list[Message] = message.get_payload()  # type: ignore[assignment]
    blocks: list[Message] = []
    for part in parts:
        if part.get_content_type() in _STATUS and part.is_multipart():
            blocks += part.get_payload()  # type: ignore[arg-type]
    words = [str(block.get("Action", "")).lower().split() for block in blocks]
    return {word[0] for word in words if word}


def take_in(mark: Callable[[str], bool]) -> dict[str, int]:
    """Hand the key of each mail that came back to `mark`, which says whether it knew it. Return how many it knew.

    What it knew is removed. All else is moved to `cur`, as looked at, and removed after a fortnight. Two workers may do
    this at once: marking twice is marking once.
    """
    told = {"bounced": 0, "other": 0}
    folder: Path | None = settings.BOUNCE_MAILDIR
    if folder is None:
        return told
    try:
        (folder / "cur").mkdir(exist_ok=True)
        for file in _files(folder / "new"):
            if became := _take_one(file, mark):
                told[became] += 1
        _forget_old(folder / "cur")
    except OSError as error:
        log.error("bounces_not_readable", error=type(error).__name__)
    return told


def _files(folder: Path) -> list[Path]:
    """Return what lies there, without links, which are not followed."""
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False))


def _take_one(file: Path, mark: Callable[[str], bool]) -> str:
    try:
        with file.open("rb") as opened:
            raw = opened.read(_READ_BYTES)
    except FileNotFoundError:  # another worker has it
        return ""
    if (key := _key_of(raw)) and mark(key):
        file.unlink(missing_ok=True)
        return "bounced"
    with suppress(FileNotFoundError):
        file.rename(file.parents[1] / "cur" / f"{file.name.partition(':')[0]}:2,S")
    return "other"


def _key_of(raw: bytes) -> str:
    try:
        return failed(raw)
    except Exception as error:  # what strangers write may break the parser in many ways, and those behind it wait
        log.warning("bounce_unreadable", error=type(error).__name__)
        return ""


def _forget_old(folder: Path) -> None:
    for file in _files(folder):
        if file.stat().st_mtime < time.time() - _KEPT_DAYS * _DAY:
            file.unlink(missing_ok=True)
