"""Logging out at MitID: ours that ends theirs, and theirs that ends ours (single logout)."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from .. import audit, sessions
from ..login.adult import MITID_KEY
from ..models import LoginSession
from . import saml


def logout_url(request: HttpRequest) -> str:
    """Return where to send a browser that wants to log off at MitID too, or nothing if it never came from there.

    A parent who proved custody at a pupil's computer logs off before the pupil.
    The session forgets it: a second click asks nothing.
    """
    mitid = request.session.pop(MITID_KEY, None) or request.session.pop(sessions.MITID_KEY, None)
    if not mitid:
        return ""
    audit.record("mitid.logout_asked", by=None)
    return saml.logout_request(
        request_id=saml.new_id(),
        name_id=mitid["name_id"],
        session_index=mitid["session_index"],
        now=timezone.now(),
    )


@transaction.atomic
def end_sessions(asked: saml.LogoutRequest) -> int:
    """End the sessions that a verified LogoutRequest is about; return how many."""
    named = LoginSession.objects.filter(mitid_name_hash=sessions.mitid_name_hash(asked.name_id))
    keys = [session.pk for session in named if _is_meant(session, asked)]
    ended = LoginSession.objects.filter(pk__in=keys).delete()[0]
    audit.record("mitid.logged_out", by=None, sessions=ended)
    return ended


def answer_url(asked: saml.LogoutRequest) -> str:
    """Return where to send the browser back to, when its sessions have ended."""
    return saml.logout_response(
        response_id=saml.new_id(),
        in_response_to=asked.request_id,
        relay_state=asked.relay_state,
        now=timezone.now(),
    )


def _is_meant(session: LoginSession, asked: saml.LogoutRequest) -> bool:
    """A request without session indexes means every session (SAML Core 3.7.1)."""
    index = session.get_decoded().get(sessions.MITID_KEY, {}).get("session_index")
    return not asked.session_indexes or index in asked.session_indexes
