"""The description of all addresses that suppliers' systems speak to, in OpenAPI 3.1 and in the active language.

What tables decide (scopes, packages, problems, OneRoster's resources) is read from them, so that it cannot drift.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from institutions.importing.format import LEVELS
from institutions.models import RunState

from .. import clients
from ..exports.oneroster import openapi as oneroster
from ..packages import Package
from . import problems
from .problems import TABLE, Problem

Json = dict[str, Any]
VERSION = "7.0"
_XML, _JSON = "application/xml", "application/json"
TOKEN_PATH = "/api/oauth/token"  # noqa: S105


def document() -> Json:
    """Return the whole document."""
    rostering = oneroster.openapi()
    for operations in rostering["paths"].values():
        for operation in operations.values():
            is_demographics = "emographics" in operation["operationId"]
            scope = clients.ROSTER_DEMOGRAPHICS if is_demographics else clients.ROSTER_CORE
            operation["security"] = _for(scope)
            operation["responses"] |= _turned_away_by_oneroster()
            operation["responses"]["200"].setdefault("headers", {}).update(_etag())
            operation["responses"]["304"] = {"description": _("The caller has it as it is.")}
            operation["parameters"].append(_if_none_match())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Unilogin for suppliers"),
            "version": VERSION,
            "description": _(
                "Deliveries of people, and what a system may fetch of them by its agreements in Tilslutning."
            ),
        },
        "servers": [{"url": settings.ORIGIN}],
        "tags": [
            {"name": "OAuth", "description": _("Tokens: get one first, it lasts an hour.")},
            {"name": "Import", "description": _("Deliver an institution's people, and see what became of it.")},
            {"name": "Eksport", "description": _("Fetch an institution's people as XML (ws17).")},
            {"name": "OneRoster", "description": _("Fetch people as JSON (OneRoster 1.2).")},
        ],
        "paths": {
            TOKEN_PATH: {"post": _token()},
            "/api/import/v7/{institutionsnummer}": {"post": _deliver()},
            "/api/import/v7/{institutionsnummer}/leverancer/{id}": {"get": _status()},
            "/api/eksport/v7/dataaftaler": {"get": _agreements()},
            "/api/eksport/v7/{institutionsnummer}": {"get": _export()},
            **rostering["paths"],
        },
        "components": {
            "securitySchemes": {"oauth2": _oauth2()},
            "schemas": {
                "Problem": _problem(),
                "DeliveryStatus": _delivery_status(),
                "Token": _token_schema(),
                "TokenError": _object({"error": _text(), "error_description": _text()}, ["error"]),
                **rostering["components"]["schemas"],
            },
        },
    }


def _oauth2() -> Json:
    purposes = {
        clients.IMPORT: _("Deliver people"),
        clients.EXPORT: _("Fetch people as XML"),
        clients.ROSTER: _("All of OneRoster"),
        clients.ROSTER_CORE: _("OneRoster but for demographics"),
        clients.ROSTER_DEMOGRAPHICS: _("Demographics of OneRoster"),
    }
    flow = {"tokenUrl": f"{settings.ORIGIN}{reverse('api:token')}", "scopes": purposes}
    return {"type": "oauth2", "flows": {"clientCredentials": flow}}


# Operations


def _token() -> Json:
    form = _object(
        {
            "grant_type": {"type": "string", "const": "client_credentials"},
            "scope": {**_text(), "description": _("With spaces between; without, all that the system may use now.")},
            "client_id": _text(),
            "client_secret": _text(),
        },
        ["grant_type"],
    )
    json = {_JSON: {"schema": _ref("Token")}}
    wrong = {_JSON: {"schema": _ref("TokenError")}}
    return {
        "operationId": "getToken",
        "summary": _("Exchange the system's id and secret for a token"),
        "description": _("Send id and secret with HTTP Basic, or in the form."),
        "tags": ["OAuth"],
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {
            "200": {"description": _("A token. Send it as Authorization: Bearer."), "content": json},
            "400": {
                "description": _("The request is wrong, or asks for what the system may not use."),
                "content": wrong,
            },
            "401": {"description": _("The id or the secret of the system is wrong"), "content": wrong},
            **_problems(Problem.METHOD),
        },
    }


def _deliver() -> Json:
    received = {
        "description": _("Received. It is loaded in the coming night; the status address tells what became of it."),
        "headers": {
            "Location": {"description": _("The status address."), "schema": {"type": "string", "format": "uri"}}
        },
        "content": {_JSON: {"schema": _ref("DeliveryStatus")}},
    }
    schema = f"{settings.ORIGIN}{reverse('import_api:schema')}"
    return {
        "operationId": "deliver",
        "summary": _("Deliver an institution's people"),
        "description": _("The file is UNILoginImport 7: %(schema)s. The same file twice is one delivery.")
        % {"schema": schema},
        "tags": ["Import"],
        "security": _for(clients.IMPORT),
        "parameters": [_number()],
        "requestBody": {"required": True, "content": {_XML: {"schema": {"type": "string"}}}},
        "responses": {
            "202": received,
            **_problems(
                *(Problem.NO_TOKEN, Problem.NO_AGREEMENT, Problem.NOT_FOUND, Problem.METHOD, Problem.LENGTH_REQUIRED),
                *(
                    Problem.TOO_LARGE,
                    Problem.MEDIA_TYPE,
                    Problem.REFUSED,
                    Problem.TOO_MANY_WAITING,
                    Problem.UNAVAILABLE,
                ),
            ),
        },
    }


def _status() -> Json:
    pk = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "operationId": "getDeliveryStatus",
        "summary": _("What became of a delivery"),
        "tags": ["Import"],
        "security": _for(clients.IMPORT),
        "parameters": [_number(), pk],
        "responses": {
            "200": {
                "description": _("What has become of it so far."),
                "content": {_JSON: {"schema": _ref("DeliveryStatus")}},
            },
            **_problems(Problem.NO_TOKEN, Problem.NO_AGREEMENT, Problem.NOT_FOUND, Problem.METHOD),
        },
    }


def _export() -> Json:
    return {
        "operationId": "exportInstitution",
        "summary": _("An institution's people in a package"),
        "description": _(
            "The elements of ws17 7, and of each person what the agreement holds. A smaller package than the agreed "
            "one may be fetched as well."
        ),
        "tags": ["Eksport"],
        "security": _for(clients.EXPORT),
        "parameters": [_number(), _package(), *_filters(), _if_none_match(), _if_modified_since()],
        "responses": {
            "200": {
                "description": _("The institution's people."),
                "headers": {**_etag(), "Last-Modified": {"schema": {"type": "string"}}},
                "content": {_XML: {"schema": {"type": "string"}}},
            },
            "304": {"description": _("The caller has it as it is.")},
            **_problems(Problem.PARAMETER, Problem.NO_TOKEN, Problem.NO_AGREEMENT, Problem.NOT_FOUND, Problem.METHOD),
        },
    }


def _agreements() -> Json:
    return {
        "operationId": "getAgreements",
        "summary": _("The institutions whose people the system may fetch in a package now (hentDataAftaler)"),
        "tags": ["Eksport"],
        "security": _for(clients.EXPORT),
        "parameters": [_package(), _if_none_match()],
        "responses": {
            "200": {
                "description": _("Their numbers."),
                "headers": _etag(),
                "content": {_XML: {"schema": {"type": "string"}}},
            },
            "304": {"description": _("The caller has it as it is.")},
            **_problems(Problem.PARAMETER, Problem.NO_TOKEN, Problem.NO_AGREEMENT, Problem.METHOD),
        },
    }


# Parameters and headers


def _number() -> Json:
    schema = {"type": "string", "pattern": "^[A-Z0-9]{6}$"}
    return {"name": "institutionsnummer", "in": "path", "required": True, "schema": schema}


def _package() -> Json:
    return {"name": "pakke", "in": "query", "required": True, "schema": {"type": "string", "enum": Package.values}}


def _filters() -> list[Json]:
    described = {
        "inkluderElever": (True, _("Children and pupils.")),
        "inkluderMedarbejdere": (True, _("Employees.")),
        "inkluderEksterne": (True, _("External people.")),
        "inkluderKontaktpersoner": (True, _("Contact persons, where they are agreed.")),
        "inkluderCpr": (False, _("CPR numbers, where they are agreed.")),
    }
    flags = [
        {
            "name": name,
            "in": "query",
            "description": description,
            "schema": {"type": "string", "enum": ["true", "false", "1", "0"], "default": str(default).lower()},
        }
        for name, (default, description) in described.items()
    ]
    level = {"type": "array", "items": {"type": "string", "enum": sorted(LEVELS)}, "minItems": 1}
    levels = {
        "name": "inkluderKlassetrin",
        "in": "query",
        "description": _("Pupils of these levels only."),
        "style": "form",
        "explode": False,
        "schema": level,
    }
    return [*flags, levels]


def _if_none_match() -> Json:
    return {
        "name": "If-None-Match",
        "in": "header",
        "description": _("The ETag of what the caller has."),
        "schema": {"type": "string"},
    }


def _if_modified_since() -> Json:
    return {
        "name": "If-Modified-Since",
        "in": "header",
        "description": _("The Last-Modified of what the caller has."),
        "schema": {"type": "string"},
    }


def _etag() -> Json:
    return {"ETag": {"description": _("Which version it is: send it next time."), "schema": {"type": "string"}}}


# Answers


def _problems(*several: Problem) -> Json:
    """Return the answers to requests that cannot be served, by status."""
    by_status: dict[str, list[str]] = {}
    for problem in several:
        status, title = TABLE[problem]
        by_status.setdefault(str(int(status)), []).append(str(title))
    content = {problems.CONTENT_TYPE: {"schema": _ref("Problem")}}
    return {status: {"description": ". ".join(titles), "content": content} for status, titles in by_status.items()}


def _turned_away_by_oneroster() -> Json:
    content = {_JSON: {"schema": _ref(oneroster.STATUS_INFO)}}
    return {
        "401": {"description": str(TABLE[Problem.NO_TOKEN][1]), "content": content},
        "403": {"description": str(TABLE[Problem.INSUFFICIENT_SCOPE][1]), "content": content},
        **_problems(Problem.METHOD),
    }


def _for(scope: str) -> list[Json]:
    return [{"oauth2": [scope]}]


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


# Schemas


def _text() -> Json:
    return {"type": "string"}


def _object(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _moment() -> Json:
    return {"type": "string", "format": "date-time"}


def _count() -> Json:
    return {"type": "integer", "minimum": 0}


def _token_schema() -> Json:
    properties = {
        "access_token": _text(),
        "token_type": {"type": "string", "const": "Bearer"},
        "expires_in": {**_count(), "description": _("Seconds.")},
        "scope": _text(),
    }
    return _object(properties, list(properties))


def _problem() -> Json:
    properties = {
        "type": {"type": "string", "enum": [problems.type_of(problem) for problem in Problem]},
        "title": _text(),
        "status": {"type": "integer"},
        "detail": _text(),
        "parameter": {**_text(), "description": _("Which parameter it is.")},
        "code": {**_text(), "description": _("Why a delivery is refused.")},
        "line": {**_count(), "description": _("Where in the file.")},
        "statusAddress": {"type": "string", "format": "uri"},
    }
    return _object(properties, ["type", "title", "status", "detail"])


def _delivery_status() -> Json:
    tally = {name: _count() for name in ("persons", "created", "updated", "unchanged", "ended")}
    issue = {
        "line": _count(),
        "localPersonId": _text(),
        "contactPerson": {**_count(), "description": _("Which contact person of the row, counted from 1.")},
        "code": _text(),
        "text": _text(),
        "remedy": _text(),
    }
    reason = {"code": _text(), "line": _count(), "text": _text()}
    properties = {
        "id": {"type": "string", "format": "uuid"},
        "statusAddress": {"type": "string", "format": "uri"},
        "institutionNumber": _text(),
        "sha256": _text(),
        "size": {**_count(), "description": _("Bytes.")},
        "receivedAt": _moment(),
        "state": {"type": "string", "enum": RunState.values},
        "stateText": _text(),
        "endedAt": _moment(),
        "counts": _object(tally, list(tally)),
        "reason": _object(reason, list(reason)),
        "issues": {"type": "array", "items": _object(issue, ["line", "code", "text", "remedy"])},
        "moreIssues": {"type": "boolean", "description": _("Whether there are more than are told here.")},
    }
    always = ["id", "statusAddress", "institutionNumber", "sha256", "size", "receivedAt", "state", "stateText"]
    return _object(properties, always)
