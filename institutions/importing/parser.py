"""What a delivery says of itself, and where its persons stand with line and bytes: by local name in any namespace.

The lines are counted here and not asked of libxml2, which loses count after line 65,535. Where an element's bytes are
the same as last time nothing of it is read: here its bytes are found, `content` reads the elements that are wanted.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from lxml import etree

from ..numbers import is_institution_number
from .elements import LOCAL, attributes_of, text_of
from .format import LONGEST_SOURCE, YEARS
from .reasons import DeliveryRejected, Reason
from .rows import Element, Header
from .validation import is_visible
from .wellformed import LONGEST_TAG, PARSING, check_encoding, check_tags, line_at, rejection_of, without_opaque

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

_TAG_END = re.compile(rb"InstitutionPerson(?=[\s/>])")
_TAG_REST = re.compile(rb"(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*>")
_TAG_START = re.compile(rb"<(/?)(?:[^\s<>/:\"'=]+:)?\Z")
_ROOT_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?UNILoginImport[\s/>]")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?")
_SCHOOL_YEAR = re.compile(r"([0-9]{4})-([0-9]{4})")
_BITE = 1024
# Bytes. The parser holds one person at a time, and all that stands outside them: neither may fill the memory.
_LARGEST_PERSON = 1024 * 1024
_LARGEST_REST = 4 * 1024 * 1024
_LONGEST_HEADER = 1024 * 1024


@dataclass(frozen=True)
class Document:
    """A delivery that was looked at once: what it says of itself, and where its persons stand."""

    data: bytes
    header: Header
    elements: list[Element]


def look(data: bytes) -> Document:
    """Check the outside of a delivery and find its persons, without reading them. Raises `DeliveryRejected`.

    `content.check` checks the XML itself; until then the positions are only worth something if it is well formed.
    """
    check_encoding(data)
    visible = without_opaque(data)
    check_tags(visible)
    header = _header(data, visible)
    elements = list(_persons(visible))
    _check_sizes(data, elements)
    return Document(data, header, elements)


def _line(element: etree._Element) -> int:
    return cast(int, element.sourceline or 1)


def _opening_events(data: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Yield the events of a delivery's beginning, in small bites: the header ends after a few hundred bytes."""
    parser: Any = etree.XMLPullParser(events=("start", "end"), **PARSING)
    for start in range(0, min(len(data), _LONGEST_HEADER), _BITE):
        parser.feed(data[start : start + _BITE])
        yield from parser.read_events()
    if len(data) <= _LONGEST_HEADER:
        parser.close()


def _persons(visible: bytes) -> Iterator[Element]:
    """Yield where each `InstitutionPerson` stands. Of nested ones only the innermost; `content.check` refuses them."""
    line, counted, start = 1, 0, -1
    for found in _TAG_END.finditer(visible):
        opening = visible.rfind(b"<", max(0, found.start() - 80), found.start())
        tag = _TAG_START.match(visible, opening, found.start()) if opening >= 0 else None
        if tag is None:
            continue
        rest = _TAG_REST.match(visible, found.end(), found.end() + LONGEST_TAG)
        if rest is None:  # no tag at all: the parser refuses it
            continue
        close = rest.end()
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
        "source": len(attributes["source"].encode()) > LONGEST_SOURCE or not is_visible(attributes["source"]),
    }
    for attribute, is_fault in faults.items():
        if is_fault:
            raise DeliveryRejected(Reason.ATTRIBUTE_INVALID, line=line, attribute=attribute)
    assert source_time is not None  # noqa: S101 - ruled out above
    return Header(line, attributes["source"], source_time, attributes["schoolYear"], number)


def parse_date_time(text: str) -> dt.datetime | None:
    """Return an `xs:dateTime` of our time, or None. Without a zone it is Danish time."""
    if not _DATE_TIME.fullmatch(text):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)
