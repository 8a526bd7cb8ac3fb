"""*Vælg det billede, din lærer viser dig*: the pupil's side of a reset window (D3.5)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import public

from . import flow, making, services, views, window

WRONG, CLOSED = "wrong", "closed"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def animal(request: HttpRequest) -> HttpResponse:
    """Choose one of nine, once. After that, or when the time is over, the page says so and leads back."""
    visit = flow.visit_in(request.session)
    if visit is None:
        return redirect("mitunilogin:overview" if request.user.is_authenticated else "login:username")
    display = window.display_for(visit.username)
    if display is None:
        return _nothing_to_choose(request, visit)
    if request.method == "POST":
        return _choose(request, visit, display)
    flow.forget_ended(request.session)
    step = services.usual_step(visit.username)
    instead = views.PAGE_OF[step] if step is not services.Step.FIRST_PASSWORD else ""
    return render(request, "login/animal.html", {"visit": visit, "display": display, "instead": instead})


def _choose(request: HttpRequest, visit: flow.Visit, display: window.Display) -> HttpResponse:
    chosen = display.at(request.POST.get("animal", ""))
    if request.POST.get("grid") != display.token or not chosen:  # of another window, or of none: no choice
        return redirect("login:animal")
    try:
        if services.choose_animal(request, visit.username, display, chosen, next_path=visit.next):
            return redirect("login:assigned")
    except DomainError:  # another screen was first, or the time ran out in between
        flow.remember_ended(request.session, CLOSED)
    else:
        flow.remember_ended(request.session, WRONG)
    return redirect("login:animal")


def _nothing_to_choose(request: HttpRequest, visit: flow.Visit) -> HttpResponse:
    """Another tab of this browser was right, or the choice was wrong, or it came too late, or nothing is open."""
    current = flow.making_in(request.session)
    if current is not None and current.window and making.user_of(current).username == visit.username:
        return redirect("login:assigned")
    if request.method == "POST":
        flow.remember_ended(request.session, CLOSED)
        return redirect("login:animal")
    if ended := flow.ended_in(request.session):
        return render(request, "login/animal_over.html", {"visit": visit, "wrong": ended == WRONG})
    return redirect(views.PAGE_OF[services.usual_step(visit.username)])
