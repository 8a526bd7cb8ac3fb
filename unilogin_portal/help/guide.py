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
    after: tuple[Text, ...] = ()

    def texts(self) -> tuple[Text, ...]:
        return (*((self.title,) if self.title else ()), *self.before, *self.steps, *self.points, *self.after)


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
