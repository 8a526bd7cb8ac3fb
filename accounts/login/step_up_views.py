"""The pupil's side of an adult's word: waiting for it, and sitting at home beside a parent (D3.5)."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from unilogin_portal.lib.dates import today
from unilogin_portal.lib.gate import public, signed_in

from .. import access, assurance, sessions, step_ups
from ..models import ServiceLink, StepUp, User
from ..models.mitid import Purpose
from ..models.user import ActorGroup
from ..states import StepUpState
from . import adult


def _needs_an_adult(request: HttpRequest, service: ServiceLink) -> bool:
    user = request.user
    assert isinstance(user, User)  # noqa: S101  every caller is behind a gate
    return service.is_for(user.actor_group) and assurance.needs_an_adult(user, request.session, service)


def _latest(request: HttpRequest, service: ServiceLink) -> StepUp | None:
    assert isinstance(request.user, User)  # noqa: S101
    return step_ups.latest(request.user, service, login_id=assurance.login_id_of(request.session))


def _ask(request: HttpRequest, service: ServiceLink) -> StepUp:
    assert isinstance(request.user, User)  # noqa: S101
    return step_ups.ask(request.user, service, login_id=assurance.login_id_of(request.session))


@signed_in
@never_cache
@require_safe
def wait(request: HttpRequest, slug: str) -> HttpResponse:
    """*Vent på din lærer*. Who comes for the first time in this log-in has asked by coming."""
    service = access.service_for(slug)
    if not _needs_an_adult(request, service):
        return redirect("mitunilogin:service", slug=slug)
    asked = _latest(request, service) or _ask(request, service)
    state = asked.state_at(timezone.now())
    context = {
        "service": service,
        "asked": asked,
        "state": "over" if state is StepUpState.EXPIRED and asked.answered_at else state.value,
        "by_parent": asked.answered_role == ActorGroup.CONTACT,
        "minutes": _minutes(asked),
        "own_mitid": _own_mitid(request, slug),
    }
    return render(request, "login/adult.html", context)


def _minutes(asked: StepUp) -> int:
    return int((timezone.now() - asked.asked_at).total_seconds() // 60)


def _own_mitid(request: HttpRequest, slug: str) -> str:
    """Return the way of a pupil who is old enough for MitID, and then needs no adult; nothing for the others."""
    assert isinstance(request.user, User)  # noqa: S101
    age = request.user.person.age(today()) if request.user.person else None
    if age is None or age < settings.MITID_MINIMUM_AGE:
        return ""
    return _mitid(Purpose.LOGIN, reverse("mitunilogin:service", kwargs={"slug": slug}))


def _mitid(purpose: Purpose, next_path: str) -> str:
    return f"{reverse('mitid:login')}?{urlencode({'formaal': purpose.value, 'next': next_path})}"


@signed_in
@never_cache
@require_safe
def waited(request: HttpRequest, slug: str) -> HttpResponse:
    """Asked for every few seconds: nothing new, another minute, or an answer."""
    sessions.note_no_use(request)
    service = access.service_for(slug)
    if not _needs_an_adult(request, service):
        return HttpResponseClientRedirect(reverse("mitunilogin:service", kwargs={"slug": slug}))
    asked = _latest(request, service)
    if asked is None or asked.state_at(timezone.now()) is not StepUpState.WAITING:
        return HttpResponseClientRefresh()
    minutes = _minutes(asked)
    if request.GET.get("minutter") == str(minutes):
        return HttpResponse(status=204)  # so that nothing is read aloud again
    return render(request, "login/_waited.html", {"service": service, "minutes": minutes})


@signed_in
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """*Spørg igen*, after a no or when the time is over. A second click finds the first one's question."""
    service = access.service_for(slug)
    if _needs_an_adult(request, service):
        _ask(request, service)
    return redirect("login:adult", slug=slug)


@signed_in
@require_POST
def stop(request: HttpRequest, slug: str) -> HttpResponse:
    """*Stop*: nobody is asked any more."""
    if asked := _latest(request, access.service_for(slug)):
        step_ups.withdraw(asked)
        messages.success(request, _("You have stopped waiting."))
    return redirect("mitunilogin:overview")


@signed_in
@never_cache
@require_safe
def parent(request: HttpRequest, slug: str) -> HttpResponse:
    """*Godkend med MitID*: what the parent at the pupil's screen is asked for, before MitID."""
    service = access.service_for(slug)
    asked = _latest(request, service)
    if asked is None or asked.state_at(timezone.now()) is not StepUpState.WAITING:
        return redirect("login:adult", slug=slug)
    mitid = _mitid(Purpose.STEP_UP, reverse("login:adult", kwargs={"slug": slug}))
    context = {"service": service, "minutes": settings.STEP_UP_MINUTES, "mitid": mitid}
    return render(request, "login/adult_parent.html", context)


@public
@never_cache
@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    """What came of the parent's MitID, and the way to log off there: the computer is the pupil's.

    Public, because the pupil's session may have ended meanwhile.
    """
    told = adult.told_in(request.session)
    if told is None:
        return redirect("mitunilogin:overview")
    context: dict[str, object] = {"told": told, "with_mitid": adult.MITID_KEY in request.session}
    if told.service and isinstance(request.user, User):
        context["service"] = service = access.service_for(told.service)
        context["until"] = assurance.at_service(request.user, request.session, service).until
    refused = told.answer is not adult.ParentsAnswer.APPROVED
    return render(request, "login/adult_answered.html", context, status=403 if refused else 200)
