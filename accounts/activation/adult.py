"""A parent's MitID at the pupil's computer: a word for one service (D3.5). The session stays the pupil's.

The parent is proved, not logged in: what is kept of them is how to log off at MitID.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from .. import access, assurance, audit, step_ups
from ..login import answers
from ..login.adult import MITID_KEY, ParentsAnswer, Told, tell
from ..models import ServiceLink, StepUp, User
from ..models.helping import LIVE_STEP_UPS
from ..models.user import ActorGroup
from ..states import StepUpState
from .saml import Identity


def answer_for(request: HttpRequest, identity: Identity, next_path: str) -> HttpResponse:
    """Approve what the pupil of this session waits for at the service that `next_path` names, or say why not."""
    parent = access.user_of(access.person_with_cpr(identity.cpr))
    pupil = request.user if isinstance(request.user, User) else None
    service = _service_in(next_path)
    answer = _answer(request, parent, pupil, service)
    if answer is not ParentsAnswer.APPROVED:
        subject, slug = pupil.person if pupil else None, service.slug if service else ""
        audit.record("step_up.parent_refused", by=parent, subject=subject, service=slug, reason=answer.value)
    tell(request.session, Told(answer, service.slug if service else ""))
    request.session[MITID_KEY] = {"name_id": identity.name_id, "session_index": identity.session_index}
    return redirect("login:adult_answered")


def _answer(
    request: HttpRequest, parent: User | None, pupil: User | None, service: ServiceLink | None
) -> ParentsAnswer:
    asked = _asked(request, pupil, service)
    if pupil is None or asked is None:
        return ParentsAnswer.NOBODY_WAITS
    if parent is None or answers.turned_away(parent) or not access.has_custody(parent.person, pupil.person):
        return ParentsAnswer.NO_CUSTODY
    if asked.state == StepUpState.WAITING:
        step_ups.approve([asked], by=parent, role=ActorGroup.CONTACT)
        asked.refresh_from_db()  # a teacher may have answered in the same moment
    return ParentsAnswer.APPROVED if asked.state == StepUpState.APPROVED else ParentsAnswer.NOBODY_WAITS


def _asked(request: HttpRequest, pupil: User | None, service: ServiceLink | None) -> StepUp | None:
    """Return what this pupil asked in this very log-in, if it still waits or was approved meanwhile."""
    if pupil is None or service is None:
        return None
    asked = step_ups.latest(pupil, service, login_id=assurance.login_id_of(request.session))
    return asked if asked and asked.state_at(timezone.now()) in LIVE_STEP_UPS else None


def _service_in(next_path: str) -> ServiceLink | None:
    """Return the service whose waiting room the path is."""
    try:
        match = resolve(urlsplit(next_path).path)
    except Resolver404:
        return None
    if match.view_name != "login:adult":
        return None
    return ServiceLink.objects.offered().filter(slug=match.kwargs["slug"]).first()
