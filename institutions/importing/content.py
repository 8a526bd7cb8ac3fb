"""What a delivery holds. Its XML is checked as a whole; persons are read from their own bytes, as many as are wanted.

Checking builds no tree, which takes four times as long, and on most nights hardly a person has to be read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from lxml import etree

from unilogin_portal.lib.bulk import batches

from .elements import LOCAL, group, person_row
from .parser import Document
from .reasons import DeliveryRejected, Reason
from .rows import Element, RawGroup, RawRow
from .wellformed import PARSING, check_whole

_TAGS = ("{*}Institution", "{*}InstitutionNumber", "{*}Group", "{*}InstitutionPerson")
_PARENT = {"Institution": "UNILoginImport", "Group": "Institution", "InstitutionPerson": "Institution"}
_PLACEHOLDER = b"<InstitutionPerson/>"
_AT_ONCE = 100  # persons in one tree


@dataclass(frozen=True)
class Content:
    """A delivery found to be well formed, with everything in its place. `opening` begins a tree of some persons."""

    document: Document
    groups: list[RawGroup]
    opening: bytes

    def rows(self, places: Iterable[int]) -> Iterator[RawRow]:
        """Read the persons in these places (from 0). Raises `DeliveryRejected` for an element out of place."""
        data, elements = self.document.data, self.document.elements
        for batch in batches(sorted(places), _AT_ONCE):
            wanted = [elements[place] for place in batch]
            persons = b"".join([data[element.start : element.end] for element in wanted])
            tree = etree.fromstring(self.opening + persons + b"</persons>", _parser())
            _check_inside(tree, wanted, self.document.header.line)
            for place, element, person in zip(batch, wanted, tree, strict=True):
                yield person_row(person, place, element.line)


def check(document: Document) -> Content:
    """Check the whole delivery, and read what stands outside of persons. Raises `DeliveryRejected`."""
    check_whole(document.data)
    outside, runs = _without_persons(document.data, document.elements)
    return _content(document, etree.fromstring(outside, _parser()), runs)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(**PARSING)


def _without_persons(data: bytes, elements: Iterable[Element]) -> tuple[bytes, int]:
    """Return `data` with an empty element for each run of persons, every line kept, and how many runs there are."""
    parts: list[bytes] = []
    runs = done = 0
    for element in elements:
        between = data[done : element.start]
        parts.append(between)
        if not runs or not (between.isspace() or not between):
            parts.append(_PLACEHOLDER)
            runs += 1
        parts.append(b"\n" * data.count(b"\n", element.start, element.end))
        done = element.end
    return b"".join([*parts, data[done:]]), runs


def _content(document: Document, outside: etree._Element, runs: int) -> Content:
    groups: list[RawGroup] = []
    found: dict[str, list[etree._Element]] = {tag: [] for tag in ("Institution", "InstitutionNumber")}
    for element in _named(outside):
        name, parent = LOCAL[element.tag], element.getparent()
        if name in _PARENT and (parent is None or LOCAL[parent.tag] != _PARENT[name]):
            raise DeliveryRejected(Reason.MISPLACED, line=_line(element), element=name)
        if name == "Group":
            groups.append(group(element, _line(element)))
        elif name == "InstitutionPerson":
            runs -= 1
        else:
            found[name].append(element)
    if any(len(elements) != 1 for elements in found.values()):
        raise DeliveryRejected(Reason.INSTITUTION_COUNT, line=document.header.line)
    if runs:  # persons in persons
        raise DeliveryRejected(Reason.MISPLACED, line=document.header.line, element="InstitutionPerson")
    # Without the default namespace, if there is one: names are read by their local part, and shorter ones sooner.
    prefixes = {prefix: name for prefix, name in found["Institution"][0].nsmap.items() if prefix}
    names = etree.tostring(etree.Element("persons", nsmap=prefixes))
    return Content(document, groups, names.removesuffix(b"/>") + b">")


def _check_inside(tree: etree._Element, wanted: list[Element], header_line: int) -> None:
    """Raise `DeliveryRejected` where a person has inside what stands beside persons."""
    places = -1
    for element in _named(tree):
        name, parent = LOCAL[element.tag], element.getparent()
        if parent is tree and name == "InstitutionPerson":
            places, start = places + 1, _line(element)
        elif name == "InstitutionNumber":
            raise DeliveryRejected(Reason.INSTITUTION_COUNT, line=header_line)
        else:
            line = wanted[places].line + _line(element) - start
            raise DeliveryRejected(Reason.MISPLACED, line=line, element=name)


def _named(tree: etree._Element) -> Iterator[etree._Element]:
    return tree.iter(*_TAGS)


def _line(element: etree._Element) -> int:
    """Return an element's line; libxml2 stops counting at 65,535."""
    return cast(int, element.sourceline or 1)
