"""Search in the guides: in memory, in the page's language, blind to case, accents and the spelling of æ, ø and å."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from .guide import Guide
from .guides import GUIDES

LONGEST_QUERY = 100
# Words that say nothing about what somebody looks for; folded.
FILLERS = {
    "da": """
        af at de den der det dig din dit du eller en er et for fra faa faar har hvad hvem hvor hvordan i ikke jeg kan
        man med mig min mine mit mod naar og om op paa saa sig skal som sin til vi vil ved
    """,
    "en": """
        a an and are as at be by can do does for from get have how i if in is it me my not of on or our so the their
        to we what when where who will with you your
    """,
}
# Where a word is found says how much it means: the title most, the running text least.
TITLE, WORDS, TEXT = 8, 4, 1


def folded(text: str) -> str:
    """Return the text in small letters without accents, æ, ø and å as they are written where a keyboard has none."""
    text = text.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


@dataclass(frozen=True)
class Indexed:
    """A guide's texts in one language, folded."""

    guide: Guide
    title: str
    words: str
    text: str

    def weight(self, word: str) -> int:
        """Return how much the guide has to do with one folded word; 0 is nothing."""
        return TITLE * (word in self.title) + WORDS * (word in self.words) + TEXT * (word in self.text)


@cache
def _index(language: str) -> tuple[Indexed, ...]:
    return tuple(
        Indexed(
            guide,
            folded(guide.title.plain(language)),
            folded(guide.words.plain(language)) if guide.words else "",
            folded(" ".join(text.plain(language) for text in guide.texts())),
        )
        for guide in GUIDES.values()
    )


def query_words(query: str, language: str) -> list[str]:
    """Return the folded words of a query that mean something; if none does, all of them."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in folded(query[:LONGEST_QUERY]).split()]
    words = [word for word in words if word]
    return [word for word in words if word not in FILLERS[language].split()] or words


def search(query: str, language: str) -> list[Guide]:
    """Return the guides that have every word of the query, best first; where none has, those that have any."""
    words = query_words(query, language)
    if not words:
        return []
    weighed = [(entry, [entry.weight(word) for word in words]) for entry in _index(language)]
    whole = [pair for pair in weighed if all(pair[1])]
    found = whole or [pair for pair in weighed if any(pair[1])]
    return [entry.guide for entry, _ in sorted(found, key=lambda pair: -sum(pair[1]))]
