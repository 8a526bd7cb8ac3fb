"""The gates. Every view carries exactly one; a test walks the URL table and fails on a view without.

`@public` lets anybody in, `@signed_in` anyone with a session, `@allow(roles)` those with a role or right, and
`@step_up(loa)`, under one of the two, asks for an assurance level of this very session. What machines speak to lies
behind `Gate.MACHINE`: no session, but a token that a system was given (`dataagreements/api/door.py`).
"""

import enum
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

View = Callable[..., HttpResponseBase]


class Gate(enum.StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ALLOW = "allow"
    MACHINE = "machine"


class LevelOfAssurance(enum.IntEnum):
    """How sure the portal is of who is there (NSIS, D8.1). A password alone reaches no NSIS level."""

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


LOA_SESSION_KEY = "loa"


def gate_of(view: Any) -> Gate | None:
    """Return the gate that `view` carries, or None where someone forgot it."""
    return getattr(view, "portal_gate", None)


def public(view: View) -> View:
    """Anybody may see this page."""
    view = login_not_required(view)
    view.portal_gate = Gate.PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anyone with a session may see this page; what it shows is their own."""
    view.portal_gate = Gate.SIGNED_IN  # type: ignore[attr-defined]
    return view


def allow(*roles: str) -> Callable[[View], View]:
    """Only those who hold one of `roles` in some institution, or a right of that name, come in: else 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.actor.has_any(roles):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.portal_gate = Gate.ALLOW  # type: ignore[attr-defined]
        guarded.portal_roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorate


def step_up(loa: LevelOfAssurance) -> Callable[[View], View]:
    """Ask for `loa` in this session; who has less is sent to MitID and comes back here.

    Operators pass: their accounts belong to no person, so MitID cannot know them. See docs/THREAT_MODEL.md.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.session.get(LOA_SESSION_KEY, 0) < loa and not _is_operator(request):
                return _ask_for_more(request)
            return view(request, *args, **kwargs)

        guarded.portal_loa = loa  # type: ignore[attr-defined]
        return guarded

    return decorate


def _is_operator(request: HttpRequest) -> bool:
    """Whether this is an account of STIL that is no person's."""
    user: Any = request.user
    return bool(user.is_staff) and user.person_id is None


def _ask_for_more(request: HttpRequest) -> HttpResponse:
    asked = QueryDict(mutable=True)
    asked.update({"formaal": "login", "next": request.get_full_path()})
    return redirect(f"{reverse('mitid:login')}?{asked.urlencode()}")
