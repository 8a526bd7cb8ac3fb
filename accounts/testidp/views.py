"""The stand-in's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.activation.refusals import SamlRefused
from accounts.activation.saml import keys
from unilogin_portal.lib.gate import public

from . import asked, goodbyes, people, services
from .forms import SearchForm, WhoForm
from .metadata import metadata as build_metadata

log = structlog.get_logger("unilogin.testidp")

# What a message by HTTP-Redirect consists of, in the order that is signed.
SIGNED = ("SAMLRequest", "RelayState", "SigAlg", "Signature")

View = Callable[..., HttpResponse]


def outside_production(view: View) -> View:
    """404 in production, whatever the URL table says."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not keys.stand_in_runs():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@public
@outside_production
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    return HttpResponse(build_metadata(), content_type="application/samlmetadata+xml")


@public
@outside_production
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Choose who to be, and be sent back to the portal as that."""
    now = timezone.now()
    try:
        question = asked.question(request.META.get("QUERY_STRING", ""), now=now)
    except SamlRefused as refusal:
        return _refused(request, refusal)
    if question.is_passive or "cancel" in request.POST:
        why = "NoPassive" if question.is_passive else "AuthnFailed"
        return _send(request, question, services.refuse(question, "Responder", why, now=now))
    words = request.GET.get("q", "").strip()[:100]
    form = WhoForm(request.POST or None, candidates=people.found(words) if words else people.suggested())
    if request.method == "POST" and form.is_valid():
        return _send(request, question, services.log_in(question, form.cleaned_data, now=now))
    search = {"search": SearchForm(initial={"q": words}), "words": words, "carried": _carried(request)}
    return render(request, "testidp/login.html", {"form": form, "question": question, **search})


@public
@outside_production
@never_cache
@require_safe
def logout(request: HttpRequest) -> HttpResponse:
    """The portal asks to log somebody off here, or comes back from having done so there."""
    now = timezone.now()
    if "SAMLResponse" in request.GET:
        return redirect("portal:front")
    try:
        goodbye = asked.goodbye(request.META.get("QUERY_STRING", ""), now=now)
    except SamlRefused as refusal:
        return _refused(request, refusal)
    return HttpResponseRedirect(goodbyes.answer_url(goodbye, now=now))


def _carried(request: HttpRequest) -> dict[str, str]:
    """Return the portal's question, for the search form to carry along."""
    return {name: request.GET[name] for name in SIGNED if name in request.GET}


def _send(request: HttpRequest, question: asked.Question, message: str) -> HttpResponse:
    """The page whose form carries the answer back (SAML Bindings 3.5)."""
    context = {"acs_url": question.acs_url, "message": message, "relay_state": question.relay_state}
    return render(request, "testidp/send.html", context)


def _refused(request: HttpRequest, refusal: SamlRefused) -> HttpResponse:
    log.warning("testidp_refused", reason=refusal.reason.value)
    return render(request, "testidp/refused.html", status=400)
