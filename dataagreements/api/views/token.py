"""The token endpoint: an id and a secret in exchange for a token of an hour (RFC 6749, section 4.4)."""

import json

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from unilogin_portal.lib.gate import public

from .. import door, oauth, problems
from ..door import TurnedAwayError
from ..problems import Problem

LONGEST = 8192  # bytes of a request
FORM = "application/x-www-form-urlencoded"
_server = oauth.server()


@csrf_exempt
@public
def token(request: HttpRequest) -> HttpResponseBase:
    """Give a token to who has the secret; what is wrong is said in the words of the specification (section 5.2)."""
    with translation.override("en"):
        if request.method != "POST":
            headers = {"Allow": "POST"}
            return door.finished(problems.answer(Problem.METHOD, "Use POST.", headers=headers))
        return door.finished(_token(request))


def _token(request: HttpRequest) -> HttpResponse:
    if request.content_type != FORM:
        return _refused("invalid_request", f"The request must be {FORM}.")
    body = request.read(LONGEST + 1)
    if len(body) > LONGEST:
        return _refused("invalid_request", "The request is too long.")
    given = {"Authorization": request.headers.get("Authorization", ""), "Content-Type": FORM}
    try:
        headers, text, status = _server.create_token_response(request.path, "POST", body.decode("ascii"), given)
    except ValueError:
        return _refused("invalid_request", "The form cannot be read.")
    if status == 401:
        door.record(TurnedAwayError(Problem.INVALID_CLIENT, ""))
        headers = {**headers, "WWW-Authenticate": 'Basic realm="Unilogin"'}
    return HttpResponse(text, status=status, headers=headers)


def _refused(error: str, description: str) -> HttpResponse:
    text = json.dumps({"error": error, "error_description": description})
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return HttpResponse(text, status=400, content_type="application/json", headers=headers)
