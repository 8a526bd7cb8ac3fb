"""The answers of ws17 (D1.3): an institution's groups and people as XML, and for which institutions one may ask."""

import datetime as dt
import weakref
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import NamedTuple

from institutions.models import ImportSeries
from unilogin_portal.lib.bulk import batches

from ..packages import Package
from . import elements, people
from .filters import BadFilter, Filters
from .markup import date_time, element, optional
from .release import Release
from .snapshot import snapshot
from .terms import Terms

__all__ = ["BadFilter", "Export", "Filters", "agreements_xml", "root_name"]

_SERVICE = "https://brugerdatabasen.stil.dk/bpi/wsieksport/7"
_SHARED = "https://brugerdatabasen.stil.dk/bpi/common/3"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_AT_ONCE = 25  # people in a chunk: with everything about them some 64 KB


class _Form(NamedTuple):
    """How a package calls itself: its root, the end of its namespace, `accessLevel`, and in names of operations."""

    root: str
    namespace: str
    access_level: str
    operation: str


_FORMS = {
    Package.SMALL: _Form("UNILoginExportSmall", "small", "small", "Lille"),
    Package.MEDIUM: _Form("UNILoginExportMedium", "medium", "medium", "Mellem"),
    Package.FULL: _Form("UNILoginExportFull", "full", "full", "Fuld"),
    Package.FULL_AUTHORITY: _Form("UNILoginExportFullMyndighed", "fullmyndighed", "full", "FuldMyndighed"),
}


def root_name(package: Package) -> str:
    """Return the local name of the root element."""
    return _FORMS[package].root


def agreements_xml(package: Package, numbers: Iterable[str]) -> bytes:
    """Return the answer of hentDataAftaler…: the institutions whose people may be fetched in this package."""
    name = f"hentDataAftaler{_FORMS[package].operation}Response"
    listed = "".join([element("b:regnr", number) for number in numbers])
    return f'{_DECLARATION}<{name} xmlns="{_SERVICE}" xmlns:b="{_SHARED}">{listed}</{name}>'.encode()


class Export:
    """The answer in chunks of UTF-8. `people` is how many InstitutionPerson were given out so far.

    Iterating opens a transaction, outside any other, and everything is read in it. It ends with the last chunk, with
    `close`, and when nobody holds the iterator any more; a streaming response calls `close` by itself. Whoever exports
    records why: here addresses and CPR numbers are opened. Raises ValueError for a release that its package cannot be
    made from.
    """

    def __init__(self, release: Release, filters: Filters, now: dt.datetime) -> None:
        self.people = 0
        self._institution = release.institution
        self._filters = filters
        self._terms = Terms.of(release, filters)
        self._now = now
        self._running: weakref.ref[Generator[bytes, None, None]] | None = None

    def __iter__(self) -> Generator[bytes, None, None]:
        chunks = self._chunks()
        # Weakly, so that a loop that is left ends the transaction although the export itself is still held.
        self._running = weakref.ref(chunks)
        return chunks

    def close(self) -> None:
        """End the transaction of an iteration that is under way, if there is one."""
        chunks = self._running() if self._running else None
        if chunks is not None:
            chunks.close()

    def _chunks(self) -> Generator[bytes, None, None]:
        self.people = 0
        exported = people.memberships(self._institution, self._filters)
        with snapshot():
            yield self._head(people.sources(self._institution, exported))
            with closing(people.groups(self._institution)) as groups:
                for some in batches(groups, _AT_ONCE):
                    yield "".join(map(elements.group, some)).encode()
            with closing(people.lots(self._institution, exported, self._terms)) as lots:
                for lot in lots:
                    write = elements.institution_people(lot, self._terms)
                    for few in batches(lot.members, _AT_ONCE):
                        self.people += len(few)
                        yield "".join(map(write, few)).encode()
            yield self._tail()

    def _head(self, sources: Iterable[ImportSeries]) -> bytes:
        form, institution = _FORMS[self._terms.package], self._institution
        return (
            f'{_DECLARATION}<{form.root} xmlns="{_SERVICE}/{form.namespace}" xmlns:c="{_SERVICE}/common"'
            f' xmlns:b="{_SHARED}" exportDateTime="{date_time(self._now)}" accessLevel="{form.access_level}">'
            f"{''.join(map(elements.import_source, sources))}<Institution>"
            f"{element('c:InstitutionNumber', institution.number)}{optional('c:InstitutionName', institution.name)}"
        ).encode()

    def _tail(self) -> bytes:
        return f"</Institution></{_FORMS[self._terms.package].root}>".encode()
