"""The service provider's doors: where people leave for MitID, and where MitID answers."""

import structlog
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unilogin_portal.lib import metrics
from unilogin_portal.lib.errors import support_number
from unilogin_portal.lib.gate import public

from ..login.adult import ANSWER_KEY, MITID_KEY
from ..models.mitid import Purpose
from . import saml, sp_browser, sp_logout, sp_services
from .arrival import arrive
from .refusals import LevelTooLow, Reason, SamlRefused
from .sp_explanations import explanation_of

log = structlog.get_logger("unilogin.mitid")


@public
@require_safe
@cache_control(max_age=3600)
def metadata(request: HttpRequest) -> HttpResponse:
    """What the identity provider has to know about the portal."""
    return HttpResponse(saml.metadata(), content_type="application/samlmetadata+xml")


@public
@never_cache
@require_safe
def login(request: HttpRequest) -> HttpResponse:
    """Send somebody to MitID: `formaal` says what for, `next` where to go afterwards.

    By a link only: a form's redirect to another site is stopped by the policy's `form-action 'self'`.
    """
    purpose = request.GET.get("formaal", Purpose.LOGIN)
    if purpose not in Purpose:
        raise Http404
    return sp_services.begin(request, purpose=Purpose(purpose), next_path=request.GET.get("next", ""))


@public
@csrf_exempt
@never_cache
@require_POST
def acs(request: HttpRequest) -> HttpResponse:
    """Take an answer. It comes from another site without our session, so it is only put aside for its browser."""
    try:
        receipt = sp_services.receive(_field(request, "SAMLResponse"), sp_browser.secret_of(request))
    except SamlRefused as refusal:
        return _refused(request, refusal)
    metrics.MITID_RESPONSES.labels("accepted").inc()
    log.info("mitid_accepted")
    response = redirect("mitid:continue")
    response.status_code = 303
    sp_browser.give_receipt(response, receipt)
    return response


@public
@never_cache
@require_safe
def carry_on(request: HttpRequest) -> HttpResponse:
    """The same browser, now on our own site: hand over who is there, once."""
    try:
        identity, purpose, next_path = sp_services.collect(sp_browser.receipt_of(request))
    except SamlRefused as refusal:
        return redirect("mitunilogin:overview") if request.user.is_authenticated else _refused(request, refusal)
    response = arrive(request, identity, purpose, next_path)
    sp_browser.forget(response)
    return response


@public
@never_cache
@require_safe
def logout(request: HttpRequest) -> HttpResponse:
    """Log off at MitID too. Whoever is still logged in here logs off here first, but for a parent at a pupil's
    computer, who is not logged in.
    """
    if request.user.is_authenticated and MITID_KEY not in request.session:
        return redirect("mitunilogin:overview")
    return redirect(sp_logout.logout_url(request) or "portal:front")


@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slo(request: HttpRequest) -> HttpResponse:
    """Single logout: MitID asks us to end somebody's sessions, or comes back from ending its own."""
    try:
        if "SAMLResponse" in _parameters(request):
            # Our session ended before we asked, so the answer changes nothing and is not read.
            return redirect("login:adult_answered" if ANSWER_KEY in request.session else "portal:front")
        asked = _logout_request(request)
    except SamlRefused as refusal:
        return _refused(request, refusal)
    log.info("mitid_logout", sessions=sp_logout.end_sessions(asked))
    return HttpResponseRedirect(sp_logout.answer_url(asked))


def _logout_request(request: HttpRequest) -> saml.LogoutRequest:
    now = timezone.now()
    if request.method == "POST":
        relay_state = _parameters(request).get("RelayState", "")
        return saml.read_posted(_field(request, "SAMLRequest"), relay_state, now=now)
    return saml.read_redirected(request.META.get("QUERY_STRING", ""), now=now)


def _field(request: HttpRequest, name: str) -> str:
    """Return the one value of a posted field."""
    values = _parameters(request).getlist(name)
    if len(values) != 1:
        raise SamlRefused(Reason.WRONG_MESSAGE if values else Reason.NO_MESSAGE)
    return str(values[0])


def _parameters(request: HttpRequest) -> QueryDict:
    """Return what was sent; a form too large for Django to read is too large for us."""
    try:
        return request.POST if request.method == "POST" else request.GET
    except (BadRequest, SuspiciousOperation):
        raise SamlRefused(Reason.TOO_LARGE) from None


def _refused(request: HttpRequest, refusal: SamlRefused) -> HttpResponse:
    """The page that says what to do, and one line in the log that says why."""
    number = support_number()
    metrics.MITID_RESPONSES.labels(refusal.reason.value).inc()
    log.warning("mitid_refused", reason=refusal.reason.value, detail=refusal.detail, number=number)
    status = 403 if isinstance(refusal, LevelTooLow) else 400
    context = {"explanation": explanation_of(refusal.reason), "number": number}
    return render(request, "mitid/refused.html", context, status=status)
