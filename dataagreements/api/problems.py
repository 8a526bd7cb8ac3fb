"""What is answered to a request that cannot be served: problem details (RFC 9457)."""

import json
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTENT_TYPE = "application/problem+json"


class Problem(StrEnum):
    """By its `type`, which ends so. Programs tell problems apart by this word, people by the title."""

    NO_TOKEN = "no-token"  # noqa: S105 - a word
    INVALID_TOKEN = "invalid-token"  # noqa: S105
    INVALID_CLIENT = "invalid-client"
    INSUFFICIENT_SCOPE = "insufficient-scope"
    NO_AGREEMENT = "no-agreement"
    NOT_FOUND = "not-found"
    METHOD = "method"
    PARAMETER = "parameter"
    LENGTH_REQUIRED = "length-required"
    TOO_LARGE = "too-large"
    MEDIA_TYPE = "media-type"
    REFUSED = "refused"
    TOO_MANY_WAITING = "too-many-waiting"
    UNAVAILABLE = "unavailable"


H = HTTPStatus
TABLE: dict[Problem, tuple[HTTPStatus, Promise]] = {
    Problem.NO_TOKEN: (H.UNAUTHORIZED, _("An access token is needed")),
    Problem.INVALID_TOKEN: (H.UNAUTHORIZED, _("The access token does not count")),
    Problem.INVALID_CLIENT: (H.UNAUTHORIZED, _("The id or the secret of the system is wrong")),
    Problem.INSUFFICIENT_SCOPE: (H.FORBIDDEN, _("The access token is for something else")),
    Problem.NO_AGREEMENT: (H.FORBIDDEN, _("There is no agreement that lets the system do this")),
    Problem.NOT_FOUND: (H.NOT_FOUND, _("There is nothing here")),
    Problem.METHOD: (H.METHOD_NOT_ALLOWED, _("The method is not allowed here")),
    Problem.PARAMETER: (H.BAD_REQUEST, _("A parameter cannot be read")),
    Problem.LENGTH_REQUIRED: (H.LENGTH_REQUIRED, _("The request must say how long it is")),
    Problem.TOO_LARGE: (H.REQUEST_ENTITY_TOO_LARGE, _("The delivery is too large")),
    Problem.MEDIA_TYPE: (H.UNSUPPORTED_MEDIA_TYPE, _("A delivery is XML")),
    Problem.REFUSED: (H.UNPROCESSABLE_ENTITY, _("The delivery is refused")),
    Problem.TOO_MANY_WAITING: (H.TOO_MANY_REQUESTS, _("Too many deliveries wait already")),
    Problem.UNAVAILABLE: (H.SERVICE_UNAVAILABLE, _("The portal cannot take this now")),
}


def type_of(problem: Problem) -> str:
    return f"urn:unilogin:problem:{problem}"


def answer(problem: Problem, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    """Return the answer. `detail` says what to do about it; `more` are members that a program may want."""
    status, title = TABLE[problem]
    body = {"type": type_of(problem), "title": str(title), "status": int(status), "detail": detail, **more}
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=CONTENT_TYPE, headers=headers)
