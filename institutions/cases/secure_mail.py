"""Handing a letter to secure mail: an interface, and the folder that stands in for it in the demo.

`SECURE_MAIL` names the class. In production that is one that knows the authority's own gateway; without one, letters
wait, and the log says so.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Letter:
    """A PDF for a named recipient at a company. `reference` is this very letter's: the same is never sent twice."""

    reference: str
    cvr: str
    recipient: str
    title: str
    pdf: bytes = field(repr=False)


class SecureMail(Protocol):
    """What a connector does. `send` raises where it is not certain that the letter is on its way."""

    def send(self, letter: Letter) -> None: ...

    def has_sent(self, reference: str) -> bool:
        """Whether the letter with this reference went out: asked when a worker died before it could write that down."""
        ...


class Folder:
    """A folder for the demo: one file a letter, for its owner to read only, its name without a person in it."""

    def send(self, letter: Letter) -> None:
        path = self._path(letter.reference)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(letter.pdf)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)  # whole or not there

    def has_sent(self, reference: str) -> bool:
        return self._path(reference).exists()

    def _path(self, reference: str) -> Path:
        return Path(settings.SECURE_MAIL_DIR) / f"{reference}.pdf"


def connector() -> SecureMail | None:
    """Return the installation's connector, or None where it has none."""
    if not settings.SECURE_MAIL:
        return None
    found: SecureMail = import_string(settings.SECURE_MAIL)()
    return found
