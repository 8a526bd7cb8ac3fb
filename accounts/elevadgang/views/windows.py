"""The windows that somebody has opened: how they stand, one shown large, closing one, giving anew (D3.5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import allow

from ... import reset_windows, sessions
from .. import access, cards, frame, giving

# A page that is open asks again with the version that it shows. Nothing new: nothing is sent, and nothing is redrawn.
KNOWN = "kendt"


@allow(*access.MAY_HELP)
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """A card for each pupil, which follows what happens on the pupil's screen."""
    reach = frame.reach_of(request)
    board = cards.board_of(reach, now=timezone.now())
    if _knows(request, board):
        return HttpResponse(status=204)
    back = cards.class_to_go_back_to(reach, board)
    return frame.page(request, "windows", reach, {"board": board, "open_windows": board.live, "back": back})


@allow(*access.MAY_HELP)
@never_cache
@require_safe
def large(request: PortalRequest, pk: int) -> HttpResponse:
    """One picture, large enough for the back row, and no other pupil's."""
    reach = frame.reach_of(request)
    board = cards.Board([cards.Card(access.window_for(reach, pk), timezone.now())])
    if _knows(request, board):
        return HttpResponse(status=204)
    return frame.page(request, "window", reach, {"board": board, "card": board.cards[0]})


def _knows(request: PortalRequest, board: cards.Board) -> bool:
    """Whether a page asked by itself, and shows already what is the case."""
    if KNOWN not in request.GET:
        return False
    sessions.note_no_use(request)
    return request.GET[KNOWN] == board.version


@allow(*access.MAY_HELP)
@require_POST
def close(request: PortalRequest, pk: int) -> HttpResponse:
    """*Luk*: nothing comes of the window any more."""
    reach = frame.reach_of(request)
    window = access.window_for(reach, pk)
    _, capacity = access.pupil_for(reach, window.user_id)
    try:
        reset_windows.withdraw(window, by=request.user, role=capacity.role, institution=capacity.institution)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("elevadgang:windows")


@allow(*access.MAY_HELP)
@require_POST
def give_again(request: PortalRequest, pk: int) -> HttpResponse:
    """*Giv ny adgangskode* once more, for this pupil. Where a window of one's own is open already, it stays."""
    reach = frame.reach_of(request)
    window = access.window_for(reach, pk)
    pupil, capacity = access.pupil_for(reach, window.user_id)
    if not access.windows_for(reach).live(timezone.now()).filter(user=pupil).exists():
        giving.tell(request, giving.give([pupil], lambda _: capacity, by=request.user))
    return redirect("elevadgang:windows")
