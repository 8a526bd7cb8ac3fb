"""One log line a request, and an id that ties together all lines of that request.

Query strings, form fields, names and CPR numbers are never logged.
"""

import ipaddress
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import metrics

log = structlog.get_logger("unilogin.request")

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass(frozen=True)
class RequestContext:
    """Where an act came from, for the audit: the request's id and the client's address."""

    request_id: str = ""
    ip: str | None = None


current: ContextVar[RequestContext] = ContextVar("request_context", default=RequestContext())  # noqa: B039  (it is frozen)

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]

structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


# Addresses that are keys: whoever reads the log may not open them.
_KEY = re.compile(r"(/sygefravaer/svar/)[^/\s\"']+")


class WithoutKeys(logging.Filter):
    """Lets every record pass, without the links that Django's own lines about a refused or broken request hold."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage() if isinstance(record.msg, str) else ""
        if _KEY.search(text):
            record.msg, record.args = _KEY.sub(r"\1…", text), ()
        return True


def json_formatter() -> logging.Formatter:
    """Return the formatter for machines: one JSON object a line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )


def plain_formatter() -> logging.Formatter:
    """Return the formatter for a developer's terminal."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(colors=False),
        ],
    )


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _method(request: HttpRequest) -> str:
    """Return the method, or OTHER for one that somebody made up: each would begin a series of its own."""
    return request.method if request.method in METHODS else "OTHER"


def client_ip(request: HttpRequest) -> str | None:
    """Return the client's address: the peer's, or what the outermost trusted proxy saw (`TRUSTED_PROXIES`)."""
    peer: str | None = request.META.get("REMOTE_ADDR") or None
    if not settings.TRUSTED_PROXIES:
        return peer
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if len(forwarded) < settings.TRUSTED_PROXIES:
        return peer
    try:
        return str(ipaddress.ip_address(forwarded[-settings.TRUSTED_PROXIES]))
    except ValueError:
        return peer


class RequestLogMiddleware:
    """Give the request an id (a proxy's `X-Request-ID` is kept), log it and count it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        current.set(RequestContext(request_id, client_ip(request)))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        route = request.resolver_match.view_name if request.resolver_match else "-"
        metrics.REQUEST_SECONDS.labels(_method(request), route, response.status_code).observe(seconds)
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        response["X-Request-ID"] = request_id
        return response
