"""What an answer from MitID leads to: a session, a user name, or the right to make a password."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from unilogin_portal.lib import metrics
from unilogin_portal.lib.dates import today
from unilogin_portal.lib.gate import LevelOfAssurance

from .. import audit, services, sessions
from ..access import children_of, has_custody
from ..login import flow
from ..login import services as login_services
from ..login.services import Outcome
from ..login.views import remember_choice
from ..models import Person, User
from ..models.mitid import Purpose
from .age import is_old_enough
from .saml import Identity

PROVEN_KEY = "mitid_person"
PROVEN_SECONDS = 10 * 60


def arrive(request: HttpRequest, identity: Identity, purpose: Purpose, next_path: str) -> HttpResponse:
    """Answer the browser that comes back from MitID. The identity is verified; what it may do is decided here."""
    person = person_of(identity)
    user = services.user_of(person)
    if person is None or user is None:
        return _unknown()
    if not is_old_enough(person, today()):
        return login_services.turn_away("too_young")
    if turned_away := _turned_away(user):
        return turned_away
    if purpose == Purpose.LOGIN:
        return _log_in(request, identity, user, next_path)
    if purpose == Purpose.USERNAME:
        return _prove(request, person)
    return _password(request, user)


def person_of(identity: Identity) -> Person | None:
    """Return the person in the country whose CPR number MitID gave."""
    return Person.objects.with_cpr(identity.cpr).first() if identity.cpr else None


def _unknown() -> HttpResponse:
    audit.record("mitid.unknown_person", by=None)
    return login_services.turn_away("unknown")


def _turned_away(user: User) -> HttpResponse | None:
    """Return the way to the page for an account that is blocked or that no institution has any more, else nothing."""
    standing = login_services.standing_of(user)
    if standing is Outcome.BLOCKED:
        return login_services.turn_away("blocked")
    if standing is Outcome.UNAFFILIATED:
        return login_services.turn_away("unaffiliated")
    return None


def _log_in(request: HttpRequest, identity: Identity, user: User, next_path: str) -> HttpResponse:
    if not user.is_activated:
        assert user.person is not None  # noqa: S101  found by its CPR number
        return _prove(request, user.person)
    metrics.LOGINS.labels("mitid", Outcome.ADMITTED.value).inc()
    login_services.admit(request, user, method="mitid", loa=LevelOfAssurance(identity.loa), **_remembered(identity))
    response = redirect(next_path or "mitunilogin:overview")
    return remember_choice(response, "mitid", secure=request.is_secure())


def _remembered(identity: Identity) -> dict[str, object]:
    """What the session keeps of a MitID log-in: how to log off there, and the rights it brought (D8.4)."""
    return {
        sessions.MITID_KEY: {"name_id": identity.name_id, "session_index": identity.session_index},
        "rights": [list(right) for right in identity.granted_rights()],
    }


def _prove(request: HttpRequest, person: Person) -> HttpResponse:
    """Note for ten minutes who is here, and show the way to the user names."""
    request.session[PROVEN_KEY] = {"person": person.pk, "at": timezone.now().timestamp()}
    return redirect("activation:names")


def proven_person(request: HttpRequest) -> Person | None:
    """Return who proved with MitID, within the last ten minutes, to be here."""
    proof = request.session.get(PROVEN_KEY)
    if not proof or proof["at"] < timezone.now().timestamp() - PROVEN_SECONDS:
        return None
    return Person.objects.filter(pk=proof["person"]).select_related("user").first()


def forget_proof(request: HttpRequest) -> None:
    request.session.pop(PROVEN_KEY, None)


def _password(request: HttpRequest, helper: User) -> HttpResponse:
    """Somebody came back from MitID to make a password for the user name typed before: their own, or their child's."""
    visit = flow.visit_in(request.session)
    if visit is None:
        messages.info(request, _("That page has grown too old. Nothing was saved. Start again with your user name."))
        return redirect("login:username")
    user = login_services.user_named(visit.username)
    why = _right_to(helper, user)
    if user is None or not why:
        return _mismatch(helper, user)
    if turned_away := _turned_away(user):
        return turned_away
    login_services.begin_making(request, user, why=why, by=helper, next_path=visit.next)
    return redirect("login:told" if why == "child" else "login:assigned")


def _right_to(helper: User, user: User | None) -> str:
    """Return by what right `helper` makes a password for `user`, or nothing where there is none (D3.3)."""
    if user is None:
        return ""
    if user.pk == helper.pk:
        return "forgotten" if user.has_secret else "first"
    return "child" if has_custody(helper.person, user.person) else ""


def _mismatch(helper: User, user: User | None) -> HttpResponse:
    audit.record("password.refused", by=helper, subject=user.person if user else None)
    return login_services.turn_away("mismatch")


@transaction.atomic
def show_children(parent: Person) -> list[Person]:
    """Return the children in the parent's custody with their accounts, and record that their user names were shown."""
    children = children_of(parent)
    for child in children:
        audit.record("username.shown", by=services.user_of(parent), subject=child, role="Kontaktperson")
    return children
