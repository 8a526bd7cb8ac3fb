"""Tables as files that a spreadsheet opens: UTF-8 with its mark, semicolons, and no cell that is a formula."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.http import StreamingHttpResponse

# What a spreadsheet takes for the beginning of a formula, or throws away before it looks for one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """Hands back what is written to it: the csv module wants a file, the response wants lines."""

    def write(self, text: str) -> str:
        return text


def table_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Return the table as a download, written while it is sent."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    writer = csv.writer(_Line(), delimiter=";")
    yield codecs.BOM_UTF8
    for row in chain((header,), rows):
        yield writer.writerow([harmless(cell) for cell in row]).encode()


def harmless(cell: object) -> str:
    """Return the cell as text that no spreadsheet calculates."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
