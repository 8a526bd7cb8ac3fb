"""The six entries of the front page: who comes, and the three places each most often goes to."""

from dataclasses import dataclass

from .help.text import Text, address


@dataclass(frozen=True)
class Link:
    """A line of an entry. `target` is a URL name, or a guide's `#slug`."""

    text: Text
    target: str

    @property
    def url(self) -> str:
        return address(self.target)


@dataclass(frozen=True)
class Entry:
    """A kind of visitor, with the icon of the design system that stands for it."""

    icon: str
    title: Text
    links: tuple[Link, ...]


ENTRIES: tuple[Entry, ...] = ()
