"""The document as a page shows it: operations in the order of their tags, each with what one sends and gets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .openapi import Json


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str  # "path", "query", "header" or "form"
    required: bool
    values: str
    description: str


@dataclass(frozen=True)
class Operation:
    """`scope` is what a token must be for; nothing where none is needed."""

    key: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    body: str
    parameters: tuple[Parameter, ...]
    responses: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    name: str
    description: str
    operations: tuple[Operation, ...]


def sections(document: Json) -> list[Section]:
    """Return what a page shows of the document."""
    operations = [
        (operation["tags"][0], _operation(path, method, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return [
        Section(tag["name"], tag["description"], tuple(one for name, one in operations if name == tag["name"]))
        for tag in document["tags"]
    ]


def _operation(path: str, method: str, operation: Json) -> Operation:
    content = operation.get("requestBody", {}).get("content", {})
    security = operation.get("security", [])
    return Operation(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        scope=security[0]["oauth2"][0] if security else "",
        body=", ".join(content),
        parameters=tuple(_parameters(operation, content)),
        responses=tuple((status, answer["description"]) for status, answer in sorted(operation["responses"].items())),
    )


def _parameters(operation: Json, content: Json) -> Iterator[Parameter]:
    for one in operation.get("parameters", []):
        required = one.get("required", False)
        yield Parameter(one["name"], one["in"], required, _values(one["schema"]), one.get("description", ""))
    for body in content.values():
        for name, schema in body["schema"].get("properties", {}).items():
            required = name in body["schema"]["required"]
            yield Parameter(name, "form", required, _values(schema), schema.get("description", ""))


def _values(schema: dict[str, Any]) -> str:
    """Return which values there are, in short."""
    if "items" in schema:
        return _values(schema["items"])
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if "maximum" in schema:
        return f"{schema['minimum']}–{schema['maximum']}"
    return str(schema.get("pattern", ""))
