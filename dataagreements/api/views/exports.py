"""ws17 over HTTPS (D1.3): an institution's people as XML, and of which institutions one may ask."""

from collections.abc import Iterator
from contextlib import closing

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from ... import clients, fetching
from ...exports.ws17 import BadFilter, Export, Filters, agreements_xml
from ...fetching import Granted
from ...models import Fetch
from ...packages import Package
from .. import problems
from ..conditional import unless_known
from ..door import MachineRequest, TurnedAwayError, machine
from ..problems import Problem

XML = "application/xml; charset=utf-8"


@machine(clients.EXPORT)
def export(request: MachineRequest, number: str) -> HttpResponseBase:
    """Stream an institution's people in a package, unless the caller has them as they are (ETag, If-Modified-Since)."""
    package = _package(request)
    if package is None:
        return _bad_package()
    try:
        filters = Filters.of(request.GET)
    except BadFilter as error:
        detail = _("%(parameter)s has a value that it does not take, or does not exist.")
        return problems.answer(Problem.PARAMETER, detail % {"parameter": error.parameter}, parameter=error.parameter)
    found = fetching.granted(request.caller.system, package, number=number)
    if not found:
        raise _no_agreement(number)
    return _answer(request, found[0], package, filters)


def _answer(request: HttpRequest, one: Granted, package: Package, filters: Filters) -> HttpResponseBase:
    version, is_new = fetching.version(one, filters)
    since = int(version.since.timestamp())
    known = HttpResponse(content_type=XML, headers={"Last-Modified": http_date(since)})
    # Of what has just changed the date says too little: it changed after whatever the caller has.
    wanted = unless_known(request, known, version=version.digest, since=None if is_new else since)
    if wanted is not known or request.method == "HEAD":
        return wanted
    answer = Export(one.release, filters, timezone.now())
    fetch = fetching.begin(one.agreement, package)
    if fetch is None:
        raise _no_agreement(one.release.institution.number)
    return StreamingHttpResponse(_recorded(answer, fetch), headers=dict(known.items()))


def _no_agreement(number: str) -> TurnedAwayError:
    detail = _("The institution has no agreement with this system that counts now and holds this package.")
    return TurnedAwayError(Problem.NO_AGREEMENT, detail, number=number)


def _recorded(answer: Export, fetch: Fetch) -> Iterator[bytes]:
    """Yield the answer, and write whether it came to its end or was cut off."""
    is_complete = False
    try:
        with closing(answer):
            yield from answer
        is_complete = True
    finally:
        fetching.end(fetch, answer.people, complete=is_complete)


@machine(clients.EXPORT)
def agreements(request: MachineRequest) -> HttpResponseBase:
    """*hentDataAftaler*: the institutions whose people the system may fetch in a package now."""
    package = _package(request)
    if package is None:
        return _bad_package()
    found = fetching.granted(request.caller.system, package)
    body = agreements_xml(package, [one.release.institution.number for one in found])
    return unless_known(request, HttpResponse(body, content_type=XML))


def _package(request: HttpRequest) -> Package | None:
    given = request.GET.getlist("pakke")
    return Package(given[0]) if len(given) == 1 and given[0] in Package.values else None


def _bad_package() -> HttpResponse:
    detail = _("pakke must be one of %(packages)s.") % {"packages": ", ".join(Package.values)}
    return problems.answer(Problem.PARAMETER, detail, parameter="pakke")
