"""From a delivery's bytes to raw rows: streamed, by local name in any namespace, line and bytes of each person known.

The lines are counted here and not asked of libxml2, which loses count after line 65,535. Where an element's bytes are
the same as last time nothing of it is read: `elements` finds the bytes, `read` reads the elements that are wanted.
"""

import datetime as dt
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast
from zoneinfo import ZoneInfo

from lxml import etree

from ..numbers import is_institution_number
from .elements import LOCAL, attributes_of, group, person_row, text_of
from .format import LONGEST_SOURCE
from .reasons import DeliveryRejected, Reason
from .rows import Element, Header, RawGroup, RawRow
from .wellformed import check_encoding, check_tags, line_at, rejection_of, without_opaque

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

_TAG_END = re.compile(rb"InstitutionPerson(?=[\s/>])")
_TAG_START = re.compile(rb"<(/?)(?:[^\s<>/:\"'=]+:)?\Z")
_ROOT_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?UNILoginImport[\s/>]")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?")
_SCHOOL_YEAR = re.compile(r"([0-9]{4})-([0-9]{4})")
_BITE = 1024
# Bytes. The parser holds one person at a time, and all that stands outside them: neither may fill the memory.
_LARGEST_PERSON = 1024 * 1024
_LARGEST_REST = 4 * 1024 * 1024
_LONGEST_HEADER = 1024 * 1024
LONGEST_TAG = 16384
_PARSING: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@dataclass(frozen=True)
class Document:
    """A delivery that was looked at once: what it says of itself, and where its persons stand."""

    data: bytes
    header: Header
    elements: list[Element]


@dataclass(frozen=True)
class Content:
    """What `read` found: all groups, and the rows that were wanted."""

    groups: list[RawGroup]
    rows: list[RawRow]


def look(data: bytes) -> Document:
    """Check the outside of a delivery and find its persons, without reading them. Raises `DeliveryRejected`.

    The XML itself is checked by `read`; until then the positions are only worth something if it is well formed.
    """
    check_encoding(data)
    visible = without_opaque(data)
    check_tags(visible)
    header = _header(data, visible)
    elements = list(_persons(visible))
    _check_sizes(data, elements)
    return Document(data, header, elements)


def read(document: Document, wanted: Container[int]) -> Content:
    """Parse the whole delivery and read the persons whose place (from 0) is in `wanted`. Raises `DeliveryRejected`."""
    reader = _Reader(document, wanted)
    try:
        reader.run()
    except etree.XMLSyntaxError as error:
        raise rejection_of(error, document.data) from None
    return Content(reader.groups, reader.rows)


class _Reader:
    """One walk through a document. Elements are dropped as soon as they are read, so that memory stays flat."""

    TAGS = ("{*}Institution", "{*}InstitutionNumber", "{*}Group", "{*}InstitutionPerson")
    PARENT = {"Institution": "UNILoginImport", "Group": "Institution", "InstitutionPerson": "Institution"}

    def __init__(self, document: Document, wanted: Container[int]) -> None:
        self.document, self.wanted = document, wanted
        self.groups: list[RawGroup] = []
        self.rows: list[RawRow] = []
        self.persons = self.institutions = self.numbers = 0

    def run(self) -> None:
        for event, element in _events(self.document.data, self.TAGS):
            name = LOCAL[element.tag]
            if event == "start":
                self._check_place(name, element)
            elif name == "InstitutionPerson":
                self._person(element)
            elif name == "Group":
                self.groups.append(group(element, self._line(element)))
            else:
                self.institutions += name == "Institution"
                self.numbers += name == "InstitutionNumber"
        if self.institutions != 1 or self.numbers != 1:
            raise DeliveryRejected(Reason.INSTITUTION_COUNT, line=self.document.header.line)
        if self.persons != len(self.document.elements):
            raise DeliveryRejected(Reason.MISPLACED, line=self.document.header.line, element="InstitutionPerson")

    def _person(self, element: etree._Element) -> None:
        place, self.persons = self.persons, self.persons + 1
        if place in self.wanted:
            self.rows.append(person_row(element, place, self.document.elements[place].line))
        _drop(element)

    def _check_place(self, name: str, element: etree._Element) -> None:
        parent = element.getparent()
        wanted = self.PARENT.get(name)
        if wanted and (parent is None or LOCAL[parent.tag] != wanted):
            raise DeliveryRejected(Reason.MISPLACED, line=self._line(element), element=name)

    def _line(self, element: etree._Element) -> int:
        """Return an element's line; of one that is not a person it is exact among the first 65,535."""
        if LOCAL[element.tag] == "InstitutionPerson" and self.persons < len(self.document.elements):
            return self.document.elements[self.persons].line
        return _line(element)


def _line(element: etree._Element) -> int:
    return cast(int, element.sourceline or 1)


def _events(data: bytes, tags: tuple[str, ...]) -> Iterator[tuple[str, etree._Element]]:
    events: Iterator[tuple[str, etree._Element]] = etree.iterparse(
        BytesIO(data), events=("start", "end"), tag=tags, load_dtd=False, **_PARSING
    )
    return events


def _opening_events(data: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Yield the events of a delivery's beginning, in small bites: the header ends after a few hundred bytes."""
    parser: Any = etree.XMLPullParser(events=("start", "end"), **_PARSING)
    for start in range(0, min(len(data), _LONGEST_HEADER), _BITE):
        parser.feed(data[start : start + _BITE])
        yield from parser.read_events()
    if len(data) <= _LONGEST_HEADER:
        parser.close()


def _drop(element: etree._Element) -> None:
    """Forget an element that was read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _persons(visible: bytes) -> Iterator[Element]:
    """Yield where each `InstitutionPerson` stands. Nested ones come out wrong and are refused by `read`."""
    line, counted, start = 1, 0, -1
    for found in _TAG_END.finditer(visible):
        opening = visible.rfind(b"<", max(0, found.start() - 80), found.start())
        tag = _TAG_START.match(visible, opening, found.start()) if opening >= 0 else None
        if tag is None:
            continue
        close = visible.find(b">", found.end(), found.end() + LONGEST_TAG) + 1
        if not close:  # no tag at all: the parser refuses it
            continue
        if tag[1]:
            if start >= 0:
                yield Element(line, start, close)
            start = -1
        else:
            line, counted, start = line + visible.count(b"\n", counted, opening), opening, opening
            if visible[close - 2 : close] == b"/>":
                yield Element(line, start, close)
                start = -1


def _check_sizes(data: bytes, elements: list[Element]) -> None:
    rest = len(data)
    for element in elements:
        size = element.end - element.start
        rest -= size
        if size > _LARGEST_PERSON:
            raise DeliveryRejected(Reason.ELEMENT_TOO_LARGE, line=element.line)
    if rest > _LARGEST_REST:
        raise DeliveryRejected(Reason.ELEMENT_TOO_LARGE)


def _header(data: bytes, visible: bytes) -> Header:
    root = _ROOT_TAG.search(visible)
    line = line_at(visible, root.start()) if root else 1
    attributes: dict[str, str] = {}
    try:
        for event, element in _opening_events(data):
            name = LOCAL[element.tag]
            if event == "start" and element.getparent() is None:
                attributes = _attributes(element, name, line)
            elif event == "end" and name == "InstitutionNumber":
                number = text_of(element)
                if not is_institution_number(number):
                    raise DeliveryRejected(Reason.NUMBER_INVALID, line=_line(element))
                return _header_of(attributes, number, line)
    except etree.XMLSyntaxError as error:
        raise rejection_of(error, data) from None
    raise DeliveryRejected(Reason.NUMBER_INVALID, line=line)


def _attributes(root: etree._Element, name: str, line: int) -> dict[str, str]:
    if name != "UNILoginImport":
        raise DeliveryRejected(Reason.ROOT, line=_line(root))
    attributes = attributes_of(root)
    for attribute in ("sourceDateTime", "source", "schoolYear"):
        if not attributes.get(attribute):
            raise DeliveryRejected(Reason.ATTRIBUTE_MISSING, line=line, attribute=attribute)
    return attributes


def _header_of(attributes: dict[str, str], number: str, line: int) -> Header:
    source_time = parse_date_time(attributes["sourceDateTime"])
    year = _SCHOOL_YEAR.fullmatch(attributes["schoolYear"])
    faults = {
        "sourceDateTime": source_time is None,
        "schoolYear": year is None or int(year[2]) != int(year[1]) + 1,
        "source": len(attributes["source"].encode()) > LONGEST_SOURCE,
    }
    for attribute, is_fault in faults.items():
        if is_fault:
            raise DeliveryRejected(Reason.ATTRIBUTE_INVALID, line=line, attribute=attribute)
    assert source_time is not None  # noqa: S101 - ruled out above
    return Header(line, attributes["source"], source_time, attributes["schoolYear"], number)


def parse_date_time(text: str) -> dt.datetime | None:
    """Return an `xs:dateTime`, or None. Without a zone it is Danish time."""
    if not _DATE_TIME.fullmatch(text):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)
