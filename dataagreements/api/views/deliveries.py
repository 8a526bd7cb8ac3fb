"""Deliveries over HTTPS: one address an institution to send to, and one a delivery to see what became of it."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse, UnreadablePostError
from django.urls import reverse
from django.utils.translation import gettext as _

from ... import clients, deliveries
from ...models import Submission
from .. import problems
from ..door import MachineRequest, TurnedAwayError, machine
from ..problems import Problem

XML = frozenset({"application/xml", "text/xml"})
LATER = {"Retry-After": "3600"}  # seconds
SOON = {"Retry-After": "30"}
_DIGITS = 18  # in a length that is worth reading


@machine(clients.IMPORT, methods=("POST",))
def deliver(request: MachineRequest, number: str) -> HttpResponse:
    """Take up a delivery: 202 and where its status is, as soon as it stands in the database."""
    system = request.caller.system
    institution = deliveries.institution_for(system, number)
    if institution is None:
        detail = _("The institution has no agreement on imports with this system that counts now.")
        raise TurnedAwayError(Problem.NO_AGREEMENT, detail, number=number)
    data = _body(request)
    if isinstance(data, HttpResponse):
        return data
    try:
        received = deliveries.receive(system, institution, data)
    except deliveries.TooManyWaitError:
        return problems.answer(Problem.TOO_MANY_WAITING, _("Send it again when the night is over."), headers=LATER)
    except OperationalError:
        return problems.answer(Problem.UNAVAILABLE, _("Nothing was received. Send it again later."), headers=SOON)
    address = _address(received.submission)
    if received.report and received.is_refused:
        report = received.report
        more = {"code": report.reason, "line": report.details.get("line", 1), "statusAddress": address}
        return problems.answer(Problem.REFUSED, report.message, **more)
    return _status(received.submission, 202)


@machine(clients.IMPORT)
def status(request: MachineRequest, number: str, pk: uuid.UUID) -> HttpResponse:
    """Tell what has become of a delivery: the system's own, whether it may deliver today or not."""
    submission = deliveries.submission_of(request.caller.system, number, pk)
    if submission is None:
        return problems.answer(Problem.NOT_FOUND, _("The system has sent no such delivery."))
    return _status(submission, 200)


def _body(request: MachineRequest) -> bytes | HttpResponse:
    """Read the delivery, within bounds and not before it is known to be one; or return why not."""
    is_packed = request.headers.get("Content-Encoding", "identity").lower() != "identity"  # nothing is unpacked here
    if request.content_type not in XML or is_packed:
        return problems.answer(Problem.MEDIA_TYPE, _("Send it as application/xml, in UTF-8."))
    limit: int = settings.IMPORT_MAX_BYTES
    too_large = _("At most %(limit)s MB.") % {"limit": limit // 1024 // 1024}
    no_length = _("Send Content-Length.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return problems.answer(Problem.LENGTH_REQUIRED, no_length)
    if len(length) > _DIGITS or int(length) > limit:
        return problems.answer(Problem.TOO_LARGE, too_large)
    try:
        data = request.read(limit + 1)
    except UnreadablePostError:
        data = b""
    # Of an upload that was broken off nobody shall read that the system delivers bad files.
    return data if len(data) == int(length) else problems.answer(Problem.LENGTH_REQUIRED, no_length)


def _status(submission: Submission, code: int) -> HttpResponse:
    found: dict[str, Any] | None = deliveries.status_of(submission)
    if found is None:
        return problems.answer(Problem.NOT_FOUND, _("What became of it is forgotten: it is too long ago."))
    address = _address(submission)
    text = json.dumps({**found, "statusAddress": address}, ensure_ascii=False)
    headers = {"Location": address} if code == 202 else {}
    return HttpResponse(text, status=code, content_type="application/json", headers=headers)


def _address(submission: Submission) -> str:
    kwargs = {"number": submission.institution.number, "pk": submission.pk}
    return f"{settings.ORIGIN}{reverse('api:submission', kwargs=kwargs)}"
