"""Mails that come back: the addresses that they come back to, and the Maildir where the mail server puts them.

Each mail is sent with a return path of its own, `<BOUNCE_EMAIL's name>+<key>@<its domain>`, so that what comes back
tells by its address alone which mail it was. What came back is read as RFC 3464 has it: a report that says *failed*.
That a mail is late, an answer by a machine, or anything else says nothing of the address.

Anybody can write to such an address. So no more than the head of a mail is read before its key is known to be one of
ours, and one file that cannot be read or moved does not stop those behind it.
"""

import os
import re
import time
import uuid
from collections.abc import Callable
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog
from django.conf import settings

log = structlog.get_logger("unilogin.mail")

# What a report says stands at its beginning; behind it lies the mail itself. Heads are shorter than this by far: the
# parser's time grows with the square of a line's length.
_READ_BYTES, _HEAD_BYTES = 64 * 1024, 16 * 1024
# A run takes no more; the next one goes on.
_A_RUN = 500
# What was not understood stays for somebody to look at. There may be a link in it.
_KEPT_DAYS = 14
_DAY = 24 * 3600

# Where mail servers write whom a mail was delivered to (Postfix, Exim), and what the report itself says.
_ADDRESSED = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
_STATUS = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464, RFC 6533

Keyed = Callable[[str], bool]
T = TypeVar("T")


def return_path(key: str) -> str:
    """Return the address that a mail comes back to; the portal's own where no `BOUNCE_EMAIL` is set.

    `key` is of small letters, digits and hyphens, 46 at most: mail servers may write letters small or large, and take
    64 before the @ (RFC 5321 4.5.3.1.1).
    """
    if not settings.BOUNCE_EMAIL:
        return str(settings.DEFAULT_FROM_EMAIL)
    name, _, domain = settings.BOUNCE_EMAIL.partition("@")
    return f"{name}+{key}@{domain}"


def key_of(raw: bytes) -> str:
    """Return the key of the address that a mail came to, by its head alone. Empty where it is none of ours."""
    head, _, _body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    if len(head) > _HEAD_BYTES:
        return ""
    message = BytesHeaderParser().parsebytes(head)
    name, _, domain = settings.BOUNCE_EMAIL.partition("@")
    ours = re.compile(rf"(?<![^\s<,:]){re.escape(name)}\+([a-z0-9-]{{1,46}})@{re.escape(domain)}(?![a-z0-9.-])", re.I)
    for header in _ADDRESSED:
        for value in message.get_all(header, []):
            if found := ours.search(str(value)):
                return found[1].lower()
    return ""


def says_failed(raw: bytes) -> bool:
    """Whether a mail is a report that says of each recipient that it failed.

    One that reached another is not: an address of ours may stand for several people, of whom one has left.
    """
    message = BytesParser().parsebytes(raw)
    return _is_report(message) and _actions(message) == {"failed"}


def _is_report(message: Message) -> bool:
    kind = str(message.get_param("report-type", "")).lower()
    return message.get_content_type() == "multipart/report" and kind == "delivery-status" and message.is_multipart()


def _actions(message: Message) -> set[str]:
    """Return what became of the mail, by its recipients (RFC 3464 2.3.3)."""
    parts: list[Message] = message.get_payload()  # type: ignore[assignment]
    blocks: list[Message] = []
    for part in parts:
        if part.get_content_type() in _STATUS and part.is_multipart():
            blocks += part.get_payload()  # type: ignore[arg-type]
    words = [str(block.get("Action", "")).lower().split() for block in blocks]
    return {word[0] for word in words if word}


def take_in(is_ours: Keyed, mark: Callable[[str], None]) -> dict[str, int]:
    """Hand the keys that are ours, of mails that could not be delivered, to `mark`. Return how many, and how many else.

    What was marked is removed. All else is moved to `cur`, as looked at, and removed after a fortnight. Two workers may
    do this at once, or one twice: `mark` has to bear that.
    """
    told = {"bounced": 0, "other": 0}
    folder: Path | None = settings.BOUNCE_MAILDIR
    if folder is None:
        return told
    try:
        (folder / "cur").mkdir(exist_ok=True)
        new, looked_at = _files(folder / "new")[:_A_RUN], _files(folder / "cur")
    except OSError as error:
        log.error("bounces_not_readable", error=type(error).__name__)
        return told
    for file in new:
        if became := _unless_it_cannot(partial(_take_one, file, is_ours, mark)):
            told[became] += 1
    for file in looked_at:
        _unless_it_cannot(partial(_forget_if_old, file))
    return told


def _files(folder: Path) -> list[Path]:
    """Return what lies there, without links, which are not followed."""
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False))


def _unless_it_cannot(act: Callable[[], str]) -> str:
    """Act on one file. What another worker has taken is nothing; what cannot be touched is told of, and passed over."""
    try:
        return act()
    except FileNotFoundError:
        return ""
    except OSError as error:
        log.error("bounce_not_touched", error=type(error).__name__)
        return ""


def _take_one(file: Path, is_ours: Keyed, mark: Callable[[str], None]) -> str:
    with file.open("rb") as opened:
        raw = opened.read(_READ_BYTES)
    if key := _failed_key(raw, is_ours):
        mark(key)
        file.unlink()
        return "bounced"
    file.rename(file.parents[1] / "cur" / f"{uuid.uuid4().hex}:2,S")
    return "other"


def _failed_key(raw: bytes, is_ours: Keyed) -> str:
    key = _read(key_of, raw)
    return key if key and is_ours(key) and _read(says_failed, raw) else ""


def _read(parse: Callable[[bytes], T], raw: bytes) -> T | None:
    """Return what is read in a mail; nothing, where what is written to us breaks the parser, in one of many ways."""
    try:
        return parse(raw)
    except Exception as error:
        log.warning("bounce_unreadable", error=type(error).__name__)
        return None


def _forget_if_old(file: Path) -> str:
    if file.stat().st_mtime < time.time() - _KEPT_DAYS * _DAY:
        file.unlink()
    return ""
