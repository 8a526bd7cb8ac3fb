"""The message catalogue, without GNU gettext: extract, update, check and compile by Babel.

Message ids are English; the Danish catalogue is the only one and must be whole.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "gettext_noop": None,
    "_": None,
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
SKIPPED = {".venv", "node_modules", "var", "tests", "migrations", ".git"}


@dataclass
class Findings:
    """What is wrong with the catalogue, each a line to print."""

    missing: list[str] = field(default_factory=list)
    fuzzy: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    interpolated: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [f"{name}: {text!r}" for name, texts in vars(self).items() for text in texts]


def po_path() -> Path:
    return Path(settings.LOCALE_PATHS[0]) / "da" / "LC_MESSAGES" / "django.po"


def load(path: Path | None = None) -> Catalog:
    """Read a catalogue; a missing file is an empty one."""
    path = path or po_path()
    if not path.exists():
        return Catalog(locale="da")
    with path.open("rb") as file:
        return read_po(file, locale="da")


def save(catalog: Catalog) -> None:
    """Write the catalogue sorted and without places or dates, so that a change shows only what changed."""
    buffer = BytesIO()
    write_po(buffer, catalog, no_location=True, sort_output=True, omit_header=True, ignore_obsolete=True, width=110)
    header = (
        'msgid ""\nmsgstr ""\n"Language: da\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    po_path().parent.mkdir(parents=True, exist_ok=True)
    po_path().write_bytes(header.encode() + buffer.getvalue().strip() + b"\n")


def compile_catalogue() -> Path:
    """Write `django.mo` beside the catalogue and return its path."""
    target = po_path().with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, load())
    return target


def sources() -> Iterator[tuple[Path, bytes]]:
    """Yield every Python module and template with its text as Python that Babel can read."""
    root = Path(settings.BASE_DIR)
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if SKIPPED.intersection(relative.parts):
            continue
        if path.suffix == ".py":
            yield relative, path.read_bytes()
        elif "templates" in relative.parts and path.suffix in {".html", ".txt", ".xml"}:
            yield relative, _without_indents(templatize(path.read_text())).encode()


def _without_indents(text: str) -> str:
    """Left-align a templatized template: what was HTML's indentation is none of Python's."""
    return "\n".join(line.lstrip() for line in text.splitlines())


def extracted() -> Catalog:
    """Return a catalogue of every message that the code and the templates ask for."""
    catalog = Catalog(locale="da")
    for path, text in sources():
        for line, message, _comments, context in extract("python", BytesIO(text), KEYWORDS):
            catalog.add(message, None, [(str(path), line)], context=context)
    return catalog


def update() -> int:
    """Bring the catalogue to what is extracted, keeping translations; return how many stand without one."""
    old, new = load(), extracted()
    for message in new:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        if known is not None and known.string and not known.fuzzy:
            message.string = known.string
    save(new)
    return sum(1 for message in new if message.id and not _is_whole(message.string))


def merge(path: Path) -> None:
    """Take the translations in `path` over into the catalogue; they win over what stands there."""
    catalog = load()
    for message in load(path):
        if message.id and _is_whole(message.string):
            catalog.delete(message.id, message.context)
            catalog.add(message.id, message.string, context=message.context)
    save(catalog)


def check() -> Findings:
    """Compare the catalogue with what is extracted."""
    findings = Findings()
    held, wanted = load(), extracted()
    for message in wanted:
        if not message.id:
            continue
        known = held.get(message.id, message.context)
        if known is None or not _is_whole(known.string):
            findings.missing.append(_name(message.id))
        elif known.fuzzy:
            findings.fuzzy.append(_name(message.id))
        elif not _same_placeholders(known.id, known.string):
            findings.placeholders.append(_name(message.id))
    findings.unused = [_name(m.id) for m in held if m.id and wanted.get(m.id, m.context) is None]
    findings.interpolated = list(_interpolated())
    return findings


def _name(message_id: object) -> str:
    return message_id if isinstance(message_id, str) else str(next(iter(message_id)))  # type: ignore[call-overload]


def _is_whole(string: Any) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


def _same_placeholders(message_id: object, string: object) -> bool:
    def names(text: object) -> set[str]:
        texts = [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]
        return {a or b for t in texts for a, b in PLACEHOLDER.findall(t)}

    return names(string) <= names(message_id) and (not isinstance(string, str) or names(string) == names(message_id))


def _interpolated() -> Iterator[str]:
    """Yield each place where an f-string is handed to a translation function: it would never be found."""
    for path, text in sources():
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.JoinedStr):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in KEYWORDS:
                    yield f"{path}:{node.lineno}"
