"""What an answer from MitID leads to: a session, a user name, or the right to make a password."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from unilogin_portal.lib import metrics
from unilogin_portal.lib.dates import today
from unilogin_portal.lib.gate import LevelOfAssurance

from .. import access, sessions
from ..login import answers, flow
from ..login import services as login_services
from ..login.services import Outcome
from ..models import Person, User
from ..models.mitid import Purpose
from ..services import Why
from ..states import UserState
from . import adult, proof, services
from .age import is_old_enough
from .privileges import opens_the_portal
from .saml import Identity, IdentityKind

RIGHTS_KEY = "rights"
# For whom a session acts, in words for the header; nothing where somebody came as themselves.
ORGANISATION_KEY = "organisation"


def arrive(request: HttpRequest, identity: Identity, purpose: Purpose, next_path: str) -> HttpResponse:
    """Answer the browser that comes back from MitID. The identity is verified; what it may do is decided here."""
    if purpose == Purpose.STEP_UP:
        return adult.answer_for(request, identity, next_path)  # the session is a pupil's, and stays so
    return _lead_on(request, identity, purpose, next_path)


def _lead_on(request: HttpRequest, identity: Identity, purpose: Purpose, next_path: str) -> HttpResponse:
    person = access.person_with_cpr(identity.cpr)
    user = access.user_of(person)
    if purpose == Purpose.LOGIN and _comes_for_an_organisation(identity, user):
        return _as_professional(request, identity, next_path)
    if person is None or user is None:
        services.record_unknown()
        return answers.turn_away("unknown")
    if not is_old_enough(person, today()):
        return answers.turn_away("too_young")
    return answers.turned_away(user) or _lead_in(request, identity, user, purpose, next_path)


def _lead_in(request: HttpRequest, identity: Identity, user: User, purpose: Purpose, next_path: str) -> HttpResponse:
    """Lead somebody whom an institution has to what they came for."""
    if purpose in {Purpose.OWN_PASSWORD, Purpose.CHILD_PASSWORD}:
        return _password(request, user)
    if purpose == Purpose.USERNAME or not user.is_activated:
        assert user.person is not None  # noqa: S101  found by their CPR number
        return _user_names(request, user.person)
    return _log_in(request, identity, user, next_path)


def _comes_for_an_organisation(identity: Identity, user: User | None) -> bool:
    """Whether somebody is sent here by an organisation, with a right, and has no account of their own to use.

    Whom some institution has comes in as themselves, with the right. Who was blocked has no second door.
    """
    if identity.kind is not IdentityKind.PROFESSIONAL or not opens_the_portal(identity.granted_rights()):
        return False
    return user is None or not (user.may_come_in or user.state == UserState.BLOCKED)


def _as_professional(request: HttpRequest, identity: Identity, next_path: str) -> HttpResponse:
    account = services.professional_account(identity)
    return answers.turned_away(account) or _log_in(request, identity, account, next_path)


def _user_names(request: HttpRequest, person: Person) -> HttpResponse:
    """Show the way to the user names; who never created a user does it there, whatever they came for."""
    proof.note(request, person)
    return redirect("activation:names")


def _log_in(request: HttpRequest, identity: Identity, user: User, next_path: str) -> HttpResponse:
    metrics.LOGINS.labels("mitid", Outcome.ADMITTED.value).inc()
    login_services.admit(request, user, method="mitid", loa=LevelOfAssurance(identity.loa), **_remembered(identity))
    return answers.let_in(request, next_path, "mitid")


def _remembered(identity: Identity) -> dict[str, object]:
    """What the session keeps of a MitID log-in: how to log off there, and the rights it brought (D8.4)."""
    return {
        sessions.MITID_KEY: {"name_id": identity.name_id, "session_index": identity.session_index},
        RIGHTS_KEY: [list(right) for right in identity.granted_rights()],
        ORGANISATION_KEY: identity.org_name,
    }


def _password(request: HttpRequest, helper: User) -> HttpResponse:
    """Make a password for the user name typed before: the helper's own, or that of a child in their custody."""
    visit = flow.visit_in(request.session)
    if visit is None:
        messages.info(request, _("That page has expired. Nothing was saved. Start again with your user name."))
        return redirect("login:username")
    user = access.user_named(visit.username)
    why = services.right_to(helper, user)
    if user is None or why is None:
        services.record_mismatch(helper, user)
        return answers.turn_away("mismatch")
    if turned_away := answers.turned_away(user):
        return turned_away
    login_services.begin_making(request, user, why=why, by=helper, next_path=visit.next)
    return redirect("login:told" if why is Why.CHILD else "login:assigned")
