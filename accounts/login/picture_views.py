"""The pages of pictures: log in with them, prove the present ones, repeat the new ones (D3.2, D3.4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unilogin_portal.lib.gate import public

from .. import services as accounts
from . import flow, grid, making, password_views, services, views
from .services import Outcome

# A round trip without script comes back to the grid, not to the top of the page.
ANCHOR = "#billeder"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest) -> HttpResponse:
    """Choose the four pictures."""
    visit = flow.visit_in(request.session)
    if visit is None:
        return redirect("mitunilogin:overview" if request.user.is_authenticated else "login:username")
    if not services.chooses_pictures(visit.username):
        return redirect("login:password")
    display, turn = _turn(request, f"login {visit.username}", visit.username)
    if turn.moved:
        return _back(request)
    answer = services.try_password(request, visit.username, turn.secret) if turn.secret else None
    if answer and answer.outcome in views.LEADS_ON:
        return views.LEADS_ON[answer.outcome](request, visit, answer)
    return _page(request, "login/pictures.html", display, turn, answer, visit=visit)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The present pictures prove who it is, and count as a try like any other."""
    visit = flow.visit_in(request.session)
    if visit is None:
        return redirect("login:username")
    if not services.chooses_pictures(visit.username):
        return redirect("login:change")
    display, turn = _turn(request, f"change {visit.username}", visit.username)
    if turn.moved:
        return _back(request)
    answer = services.try_password(request, visit.username, turn.secret) if turn.secret else None
    if answer and answer.user is not None and answer.outcome in {Outcome.ADMITTED, Outcome.EXPIRED}:
        services.begin_making(request, answer.user, why=accounts.Why.KNOWN, by=answer.user, next_path=visit.next)
        return redirect("login:assigned")
    return _page(request, "login/change_pictures.html", display, turn, answer, visit=visit)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest) -> HttpResponse:
    """Repeat the new pictures."""
    current = flow.making_in(request.session)
    if current is None:
        return password_views.start_again(request)
    if not current.confirmed or not current.in_pictures or current.repeats >= flow.REPEATS:
        return redirect("login:assigned")
    owner = making.user_of(current)
    display, turn = _turn(request, f"repeat {owner.pk}", owner.username)
    if turn.moved:
        return _back(request)
    if turn.secret:
        if accounts.is_hash_of(current.candidate, turn.secret):
            return password_views.finish(request, current, current.candidate)
        flow.remember_making(request.session, current.repeated_wrongly())
    return _page(request, "login/repeat_pictures.html", display, turn, None, owner=owner, wrong=bool(turn.secret))


def _turn(request: HttpRequest, subject: str, username: str) -> tuple[grid.Grid, grid.Turn]:
    display = grid.shown(request.session, subject, keeps_order=lambda: services.keeps_picture_order(username))
    turn = grid.take(request.session, display, request.POST) if request.method == "POST" else grid.Turn()
    if turn.secret:
        display = grid.shown(request.session, subject, keeps_order=bool)
    return display, turn


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(request.path + ANCHOR)


def _page(
    request: HttpRequest,
    template: str,
    display: grid.Grid,
    turn: grid.Turn,
    answer: services.Answer | None,
    **more: object,
) -> HttpResponse:
    outcome = answer.outcome.value if answer else ""
    context = {"grid": display, "missing": missing_text(turn.missing), "answer": answer, "outcome": outcome, **more}
    return render(request, template, context)


def missing_text(missing: int) -> str:
    """Return what *Næste* says when it is pressed too early."""
    if not missing:
        return ""
    if missing == 1:
        return _("1 picture is missing.")
    return _("%(count)s pictures are missing.") % {"count": missing}
