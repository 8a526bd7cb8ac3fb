"""The description of these addresses in OpenAPI 3.1, made from the tables that answer them, so that it cannot drift.

A body's schema is as strict as what is answered: nothing is in it that is not described, and what is `required` is
there. With the parameter `fields` an object has the fields asked for only, which is its `Selection`.
"""

from typing import Any

from django.utils.translation import gettext as _

from . import query
from .resources import COLLECTIONS, Attribute, Resource, Schema, schema_name, text, word
from .status import CodeMinor
from .tables import RESOURCES

PREFIX = "/ims/oneroster/rostering/v1p2/"

STATUS_INFO = "OneRosterStatusInfo"


def openapi() -> dict[str, Any]:
    """Return `paths` and `components` (with `schemas` only), to be put into a whole document."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Schema] = {STATUS_INFO: _status_info()}
    for kind in COLLECTIONS:
        schemas[f"{schema_name(kind)}Ref"] = _reference(kind)
    for resource in RESOURCES.values():
        paths[f"{PREFIX}{resource.name}"] = {"get": _all(resource)}
        paths[f"{PREFIX}{resource.name}/{{sourcedId}}"] = {"get": _one(resource)}
        schemas |= _schemas(resource)
    return {"paths": paths, "components": {"schemas": schemas}}


def _schemas(resource: Resource) -> dict[str, Schema]:
    name = schema_name(resource.single)
    itself = {"anyOf": [{"$ref": f"#/components/schemas/{one}"} for one in (name, f"{name}Selection")]}
    selection = {key: value for key, value in _object(resource.attributes).items() if key != "required"}
    return {
        name: _object(resource.attributes),
        f"{name}Selection": selection,
        f"{name}Set": _holding(resource.name, {"type": "array", "items": itself}),
        f"{name}Single": _holding(resource.single, itself),
    }


def _object(attributes: tuple[Attribute, ...]) -> Schema:
    return {
        "type": "object",
        "properties": {attribute.name: attribute.schema for attribute in attributes},
        "required": [attribute.name for attribute in attributes if attribute.required],
        "additionalProperties": False,
    }


def _holding(key: str, schema: Schema) -> Schema:
    return _object((Attribute(key, schema),))


def _reference(kind: str) -> Schema:
    href = {"type": "string", "format": "uri"}
    return _object((Attribute("href", href), Attribute("sourcedId", text()), Attribute("type", word(kind))))


def _status_info() -> Schema:
    name, value = word("TargetEndSystem"), word(*(code.value for code in CodeMinor))
    minor = _object((Attribute("imsx_codeMinorFieldName", name), Attribute("imsx_codeMinorFieldValue", value)))
    return _object(
        (
            Attribute("imsx_codeMajor", word("failure")),
            Attribute("imsx_severity", word("error")),
            Attribute("imsx_description", text()),
            Attribute("imsx_CodeMinor", _holding("imsx_codeMinorField", {"type": "array", "items": minor})),
        )
    )


def _all(resource: Resource) -> dict[str, Any]:
    return {
        "operationId": f"getAll{resource.name[0].upper()}{resource.name[1:]}",
        "summary": _("All %(resource)s that are released to the caller, in pages") % {"resource": resource.name},
        "tags": ["OneRoster"],
        "parameters": [*_paging(), *_order(resource), _filter(resource), _fields(resource)],
        "responses": {
            "200": {**_body(f"{schema_name(resource.single)}Set", _("A page.")), "headers": _headers()},
            "400": _body(STATUS_INFO, _("A parameter cannot be read, or names a field that there is not.")),
        },
    }


def _one(resource: Resource) -> dict[str, Any]:
    sourced_id = {"name": "sourcedId", "in": "path", "required": True, "schema": text()}
    return {
        "operationId": f"get{resource.single[0].upper()}{resource.single[1:]}",
        "summary": _("One of the %(resource)s") % {"resource": resource.name},
        "tags": ["OneRoster"],
        "parameters": [sourced_id, _fields(resource)],
        "responses": {
            "200": _body(f"{schema_name(resource.single)}Single", _("The object.")),
            "400": _body(STATUS_INFO, _("The parameter names a field that there is not.")),
            "404": _body(STATUS_INFO, _("There is no such object, or it is not released to the caller.")),
        },
    }


def _body(schema: str, description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _headers() -> dict[str, Any]:
    total = {"type": "integer", "minimum": 0}
    pages = _("The addresses of other pages, by rel: first, last, and where there are such, next and prev.")
    return {
        "X-Total-Count": {"description": _("How many objects there are in all pages."), "schema": total},
        "Link": {"description": pages, "schema": {"type": "string"}},
    }


def _parameter(name: str, schema: Schema, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _paging() -> list[dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": query.LARGEST_LIMIT, "default": query.DEFAULT_LIMIT}
    offset = {"type": "integer", "minimum": 0, "maximum": query.LARGEST_OFFSET, "default": 0}
    return [
        _parameter("limit", limit, _("The most objects in a page.")),
        _parameter("offset", offset, _("How many objects come before the page.")),
    ]


def _order(resource: Resource) -> list[dict[str, Any]]:
    return [
        _parameter("sort", word(*resource.sortable), _("The field to sort by, by code point.")),
        _parameter("orderBy", {**word("asc", "desc"), "default": "asc"}, _("Which way to sort.")),
    ]


def _filter(resource: Resource) -> dict[str, Any]:
    description = _(
        "field<op>'value', where <op> is one of = != > >= < <= and ~ (contains), or two of these with AND or OR "
        "between them. An apostrophe in a value is written twice. Fields: %(fields)s."
    ) % {"fields": ", ".join(resource.columns)}
    return _parameter("filter", {**text(), "maxLength": query.LONGEST}, description)


def _fields(resource: Resource) -> dict[str, Any]:
    names = [attribute.name for attribute in resource.attributes]
    listed = {"type": "array", "items": word(*names), "minItems": 1}
    only = _("Which fields to answer, with commas between them; without, all.")
    return {**_parameter("fields", listed, only), "style": "form", "explode": False}
