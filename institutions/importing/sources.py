"""Where deliveries come from: files and folders. Read once, bounded, with the hash that tells equal ones."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from .hidden import shown_file_name
from .reasons import DeliveryRejected, Reason


@dataclass(frozen=True)
class Delivery:
    """A delivery's bytes. `name` is the file's name without its folder."""

    name: str
    data: bytes
    sha256: str

    @classmethod
    def of(cls, name: str, data: bytes) -> "Delivery":
        return cls(shown_file_name(name), data, hashlib.sha256(data).hexdigest())


def find(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, and of each folder the `.xml` files in it, in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.suffix.lower() == ".xml" and not file.is_dir())
        else:
            yield path


def open_file(path: Path) -> Delivery:
    """Read a delivery. Raises `DeliveryRejected` where it cannot be read or is larger than `IMPORT_MAX_BYTES`."""
    limit: int = settings.IMPORT_MAX_BYTES
    if not path.is_file():  # a pipe or a device would be waited for
        raise DeliveryRejected(Reason.UNREADABLE)
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError:
        raise DeliveryRejected(Reason.UNREADABLE) from None
    if len(data) > limit:
        raise DeliveryRejected(Reason.TOO_LARGE, limit=limit // 1024 // 1024)
    return Delivery.of(path.name, data)
