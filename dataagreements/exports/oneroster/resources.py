"""What a resource is: its names, its fields, where its rows come from and how they become JSON.

The rows of a resource may lie in several tables, one `Branch` for each. Which rows are meant is decided in the database
from the branches' columns, and gives keys only; `Resource.items` then reads what these few need, in a number of
queries that does not depend on how many they are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

from django.db.models import QuerySet

from . import mapping
from .columns import Column, ListColumn, constant
from .query import LONGEST
from .scope import Scope

Schema: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[int, Any]  # which branch, and the value of its key column

# What a reference may point to, and the collection that it is found in.
COLLECTIONS: dict[str, str] = {
    "org": "orgs",
    "academicSession": "academicSessions",
    "course": "courses",
    "class": "classes",
    "user": "users",
}


@dataclass(frozen=True)
class Attribute:
    """A field as it is told. One that is not `required` is left out where there is nothing to tell."""

    name: str
    schema: Schema
    required: bool = True


@dataclass(frozen=True)
class Branch:
    """One table's share. `key` is a column that is unique in it; fields in `columns` can be filtered by."""

    rows: Callable[[Scope], QuerySet[Any, Any]]
    columns: Mapping[str, Column | ListColumn]
    key: str = "pk"


@dataclass(frozen=True)
class Item:
    """One object, the persons it tells of (by uniid) and the institutions whose data it holds."""

    body: dict[str, Any]
    people: frozenset[str] = frozenset()
    institutions: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Links:
    """Addresses under `base`, which ends in no slash."""

    base: str

    def ref(self, kind: str, sourced_id: str) -> dict[str, str]:
        href = f"{self.base}/{COLLECTIONS[kind]}/{quote(sourced_id, safe=':')}"
        return {"href": href, "sourcedId": sourced_id, "type": kind}


Items: TypeAlias = Callable[[Sequence[Key], Scope, Links], list[Item]]


@dataclass(frozen=True)
class Resource:
    """`single` and `name` are the keys that one object and a collection stand under."""

    name: str
    single: str
    attributes: tuple[Attribute, ...]
    branches: tuple[Branch, ...]
    items: Items = field(repr=False)

    @property
    def columns(self) -> Mapping[str, Column | ListColumn]:
        """The fields that can be filtered by; all branches have the same."""
        return self.branches[0].columns

    @property
    def sortable(self) -> tuple[str, ...]:
        return tuple(name for name, column in self.columns.items() if isinstance(column, Column))

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(attribute.name for attribute in self.attributes)


def text() -> Schema:
    return {"type": "string", "minLength": 1}


def word(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def date() -> Schema:
    return {"type": "string", "format": "date"}


def ref(kind: str) -> Schema:
    return {"$ref": f"#/components/schemas/{schema_name(kind)}Ref"}


def some(schema: Schema) -> Schema:
    """Return a list that is never empty: an empty one is left out."""
    return {"type": "array", "items": schema, "minItems": 1}


def schema_name(kind: str) -> str:
    """Return the name of an object's schema: `OneRosterOrg`."""
    return f"OneRoster{kind[0].upper()}{kind[1:]}"


# What every object begins with.
BASE: tuple[Attribute, ...] = (
    Attribute("sourcedId", {**text(), "maxLength": LONGEST}),
    Attribute("status", word(mapping.ACTIVE)),
    Attribute("dateLastModified", {"type": "string", "format": "date-time"}),
)
STATUS = constant(mapping.ACTIVE)
