"""What a guide is."""

import datetime as dt
from dataclasses import dataclass

from .text import Text


@dataclass(frozen=True)
class Part:
    """A piece of a guide: steps in order, with words round them; a heading where the guide has several pieces."""

    title: Text | None = None
    before: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    points: tuple[Text, ...] = ()
    terms: tuple[tuple[Text, Text], ...] = ()
    after: tuple[Text, ...] = ()

    def texts(self) -> tuple[Text, ...]:
        explained = tuple(text for term in self.terms for text in term)
        title = (self.title,) if self.title else ()
        return (*title, *self.before, *self.steps, *self.points, *explained, *self.after)


@dataclass(frozen=True)
class Guide:
    """One guide. `words` are what people search by that stands nowhere in it; `see_also` are slugs."""

    slug: str
    title: Text
    lead: Text
    changed: dt.date
    parts: tuple[Part, ...]
    note: Text | None = None
    words: Text | None = None
    see_also: tuple[str, ...] = ()

    @property
    def is_folded(self) -> bool:
        """Whether the parts are folds to open: three or more, each with a heading."""
        return len(self.parts) > 2 and all(part.title for part in self.parts)

    def texts(self) -> tuple[Text, ...]:
        inner = tuple(text for part in self.parts for text in part.texts())
        return (self.title, self.lead, *((self.note,) if self.note else ()), *inner)


@dataclass(frozen=True)
class Group:
    """Guides for one kind of reader, under one heading of the help page."""

    slug: str
    title: Text
    lead: Text
    guides: tuple[Guide, ...]
