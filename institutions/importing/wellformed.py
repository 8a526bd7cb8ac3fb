"""Before any library sees a delivery: its size, its encoding, and no DTD. And what an XML error is called here.

All deliveries are UTF-8: one encoding keeps byte offsets, lines and the lengths of fields (counted in bytes, D1.2)
the same for everybody who looks at a file.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast

from lxml import etree

from .reasons import DeliveryRejected, Reason

# How lxml is to read: nothing from elsewhere, and no more than fits into memory.
PARSING: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)""")
_ACCEPTED = frozenset({"UTF-8", "US-ASCII"})
# What may hold anything up to its end mark. In well-formed XML these are the only places where a tag is not a tag.
_OPAQUE = re.compile(rb"<!--|<!\[CDATA\[|<\?")
_END_MARKS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
# How far before its end, in bytes, a file that was cut may be found wrong: where the last tag or attribute begins.
_LONGEST_TOKEN = 300
# Bytes from one tag's beginning to the next one's.
LONGEST_TAG = 16384
_LONG_STRETCH = re.compile(rb"<[^<]{%d}" % LONGEST_TAG)
_LONG_TAG = re.compile(rb"<(?:[^<\s]\s*){%d}" % LONGEST_TAG)
_FIRST_LINE = 60
_ROOT_END = re.compile(rb"</[^<>]*UNILoginImport\s*>\s*\Z")


def check_tags(data: bytes) -> None:
    """Raise `DeliveryRejected` for a tag or text longer than any of the format's: parsing it takes quadratic time."""
    # Most files have no such stretch at all, which is quickly seen: it would cover one of these blocks.
    half = LONGEST_TAG // 2
    blocks = range(0, len(data) - half, half)
    if all(data.find(b"<", start, start + half) >= 0 for start in blocks):
        return
    # In one that has, white space does not count.
    suspect = _LONG_STRETCH.search(data)
    if suspect and (found := _LONG_TAG.search(data, suspect.start())):
        raise DeliveryRejected(Reason.ELEMENT_TOO_LARGE, line=line_at(data, found.start()))


def check_encoding(data: bytes) -> None:
    """Raise `DeliveryRejected` unless `data` is UTF-8 that begins like XML."""
    if not data.strip():
        raise DeliveryRejected(Reason.EMPTY)
    for bom, name in _BOMS:
        if data.startswith(bom):
            raise DeliveryRejected(Reason.ENCODING, encoding=name)
    if b"\x00" in data[:4]:
        raise DeliveryRejected(Reason.ENCODING, encoding="UTF-16")
    declared = _DECLARED.search(data, 0, max(data.find(b"?>"), 0))
    if declared and declared[1].decode().upper() not in _ACCEPTED:
        raise DeliveryRejected(Reason.ENCODING, encoding=declared[1].decode())
    try:
        data.decode()
    except UnicodeDecodeError as error:
        reason = Reason.CUT if error.end == len(data) and error.reason == "unexpected end of data" else Reason.NOT_UTF8
        raise DeliveryRejected(reason, line=line_at(data, error.start)) from None
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise DeliveryRejected(Reason.NOT_XML)


def without_opaque(data: bytes) -> bytes:
    """Return `data` with comments, CDATA sections and processing instructions blanked, every offset and line kept.

    Raises `DeliveryRejected` for a document type declaration, before any parser could act on it.
    """
    # Most files have neither of the two characters but in their first line: looking for one is quicker than for two.
    if (b"!" not in data or b"<!" not in data) and (data.find(b"?", _FIRST_LINE) < 0 or data.find(b"<?", 5) < 0):
        return data
    visible = b"".join(_visible_parts(data))
    declaration = visible.find(b"<!DOCTYPE")
    if declaration >= 0:
        raise DeliveryRejected(Reason.DTD, line=line_at(data, declaration))
    return visible


def _visible_parts(data: bytes) -> Iterator[bytes]:
    """Yield `data` in parts, opaque ones blanked. One that does not end is left: the parser refuses it."""
    done = 0
    while opening := _OPAQUE.search(data, done):
        mark = _END_MARKS[opening[0]]
        closing = data.find(mark, opening.end())
        if closing < 0:
            break
        yield data[done : opening.start()]
        done = closing + len(mark)
        yield re.sub(rb"[^\n]", b" ", data[opening.start() : done])
    yield data[done:]


def line_at(data: bytes, offset: int) -> int:
    """Return the line, counted from 1, that the byte at `offset` stands on."""
    return data.count(b"\n", 0, offset) + 1


def check_whole(data: bytes) -> None:
    """Raise `DeliveryRejected` unless `data` is well formed from its beginning to its end. Builds no tree."""
    parser = etree.XMLParser(target=cast(Any, _Nothing()), **PARSING)
    with suppress(etree.XMLSyntaxError):
        etree.fromstring(data, parser)
    # The log also tells of unknown prefixes, which such a parser lets pass.
    for entry in cast(Any, parser.error_log).filter_from_errors():
        raise _rejection(data, entry.line, entry.column, entry.type_name)


class _Nothing:
    """What a parser builds that only checks."""

    def close(self) -> None:
        pass


def rejection_of(error: etree.XMLSyntaxError, data: bytes) -> DeliveryRejected:
    """Return what to say of an XML error: only the error's name, as the library's texts may quote the file."""
    # The log goes back to earlier files: this error is the last of its kind.
    entries = list(cast(Any, error.error_log))
    entry = next((entry for entry in reversed(entries) if entry.type == getattr(error, "code", None)), entries[-1])
    return _rejection(data, entry.line, entry.column, entry.type_name)


def _rejection(data: bytes, line: int, column: int, name: str) -> DeliveryRejected:
    text = data.rstrip()
    last_line = line_at(text, len(text))
    line = max(1, min(line, last_line))
    # libxml2 counts columns in characters.
    rest = len(text[text.rfind(b"\n") + 1 :].decode(errors="replace")) - column
    if line == last_line and rest < _LONGEST_TOKEN and not _ROOT_END.search(text[-200:]):
        return DeliveryRejected(Reason.CUT, line=last_line)
    return DeliveryRejected(Reason.NOT_WELL_FORMED, line=line, error=name)
