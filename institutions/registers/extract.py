"""Reading a register's extract: its encoding, its header, its rows by column name. A file that is cut is refused.

The Institutionsregister's extract is UTF-16, the Dagtilbudsregister's is UTF-8 (D5.2, D5.3); both are told by their
byte order mark, and UTF-8 without one is taken too. Nothing else: a table in Latin-1 would load with wrong names.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DELIMITER = ";"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MEGABYTE = 1024 * 1024


class ExtractRejected(Exception):
    """The file is refused as a whole, and nothing of it is loaded."""

    def __init__(self, what: Promise | str, *, line: int = 1, **details: object) -> None:
        super().__init__(str(what))
        self.what, self.line, self.details = what, line, details

    def message(self, file: str) -> str:
        """Return what is wrong, with file and line, in the active language."""
        return _("%(file)s, line %(line)s: %(what)s.") % {
            "file": file,
            "line": self.line,
            "what": str(self.what) % self.details,
        }


@dataclass(frozen=True)
class Record:
    """A row of the table: `line` is the last line of the file that it stands on, `cells` are by column name."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_bytes(path: Path) -> bytes:
    """Return the file's content. Raises `ExtractRejected` where it cannot be read or is too large."""
    limit: int = settings.IMPORT_MAX_BYTES
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError:
        raise ExtractRejected(gettext_lazy("the file cannot be read")) from None
    if len(data) > limit:
        raise ExtractRejected(gettext_lazy("the file is larger than %(limit)s MB"), limit=limit // _MEGABYTE)
    return data


def records(data: bytes, columns: Sequence[str]) -> Iterator[Record]:
    """Yield the rows of an extract that has all of `columns`. Raises `ExtractRejected`, at worst at the last row."""
    text = _decoded(data)
    if not text.strip():
        raise ExtractRejected(gettext_lazy("the file is empty"))
    reader = csv.reader(StringIO(text, newline=""), delimiter=DELIMITER, strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        _check_header(header, columns)
        if not text.endswith(("\n", "\r")):
            cut = gettext_lazy("the last line is not finished; the file has been cut off")
            raise ExtractRejected(cut, line=text.count("\n") + 1)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                wrong = gettext_lazy("the row has %(found)s columns, the header %(expected)s")
                raise ExtractRejected(wrong, line=reader.line_num, found=len(cells), expected=len(header))
            yield Record(reader.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    except csv.Error:
        raise ExtractRejected(gettext_lazy("this is not a table of columns"), line=reader.line_num or 1) from None


def _decoded(data: bytes) -> str:
    encoding, name = ("utf-16", "UTF-16") if data.startswith(_UTF_16) else ("utf-8-sig", "UTF-8")
    if encoding == "utf-8-sig" and b"\x00" in data[:200]:
        raise ExtractRejected(gettext_lazy("the file is neither UTF-8 nor UTF-16 with a byte order mark"))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, errors="replace").count("\n") + 1
        wrong = gettext_lazy("there are bytes that are not %(encoding)s; an extract is in UTF-16 or UTF-8")
        raise ExtractRejected(wrong, line=line, encoding=name) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise ExtractRejected(gettext_lazy("this is not a table of columns"), line=line)
    return text


def _check_header(header: Sequence[str], columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in header]
    if missing:
        raise ExtractRejected(
            gettext_lazy("this is not the extract expected: the column %(column)s is missing"), column=missing[0]
        )
    if len(set(header)) != len(header):
        raise ExtractRejected(gettext_lazy("a column stands twice in the header"))
