"""The log-in pages: choose, user name, password."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unilogin_portal.lib.gate import public, signed_in
from unilogin_portal.lib.paths import local_path

from .. import sessions
from . import flow, forms, renewing, services
from .answers import LAST_CHOICE_COOKIE, REASONS, let_in, turn_away
from .services import Outcome, Step

PAGE_OF = {
    Step.PASSWORD: "login:password",
    Step.PICTURES: "login:pictures",
    Step.FIRST_PASSWORD: "login:first_password",
    Step.ANIMAL: "login:animal",
}


@public
@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The loginvælger (D2.4)."""
    next_path = local_path(request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(next_path or "mitunilogin:overview")
    return render(
        request, "login/choose.html", {"next": next_path, "last": request.COOKIES.get(LAST_CHOICE_COOKIE, "")}
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def username(request: HttpRequest) -> HttpResponse:
    """Type the user name. What follows is decided without telling whether there is such an account."""
    next_path = local_path(request.GET.get("next"))
    if request.user.is_authenticated and request.method != "POST":
        return redirect(next_path or "mitunilogin:overview")
    form = forms.UsernameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        flow.remember_visit(request.session, flow.Visit(name, next_path))
        return redirect(PAGE_OF[services.step_after(name)])
    return render(request, "login/username.html", {"form": form, "next": next_path})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Type the password."""
    visit = flow.visit_in(request.session)
    if visit is None:
        return redirect("mitunilogin:overview" if request.user.is_authenticated else "login:username")
    form = forms.PasswordForm(request.POST or None)
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = services.try_password(request, visit.username, form.cleaned_data["password"])
        if answer.outcome in LEADS_ON:
            return LEADS_ON[answer.outcome](request, visit, answer)
    if services.chooses_pictures(visit.username):  # asked last: who types the right password need not wait for it
        return redirect("login:pictures")
    context = {"form": form, "visit": visit, "answer": answer, "outcome": answer.outcome.value if answer else ""}
    return render(request, "login/password.html", context)


def _admitted(request: HttpRequest, visit: flow.Visit, answer: services.Answer) -> HttpResponse:
    assert answer.user is not None  # noqa: S101
    if renewing.asks(request, answer.user, next_path=visit.next):
        return redirect("login:renew")
    services.admit(request, answer.user)
    return let_in(request, visit.next, "unilogin")


def _expired(request: HttpRequest, visit: flow.Visit, answer: services.Answer) -> HttpResponse:
    assert answer.user is not None  # noqa: S101
    renewing.insist(request, answer.user, next_path=visit.next)
    return redirect("login:assigned")


def _unaffiliated(request: HttpRequest, visit: flow.Visit, answer: services.Answer) -> HttpResponse:
    flow.forget(request.session)
    return turn_away("unaffiliated")


def _blocked(request: HttpRequest, visit: flow.Visit, answer: services.Answer) -> HttpResponse:
    flow.forget(request.session)
    return turn_away("blocked")


LEADS_ON = {
    Outcome.ADMITTED: _admitted,
    Outcome.EXPIRED: _expired,
    Outcome.UNAFFILIATED: _unaffiliated,
    Outcome.BLOCKED: _blocked,
}


@public
@require_safe
def turned_away(request: HttpRequest, reason: str) -> HttpResponse:
    """Why somebody who proved who they are is not let in, and what to do. A page of its own: it can be read again."""
    if reason not in REASONS:
        raise Http404
    return render(request, f"login/turned_away/{reason}.html", status=403)


@signed_in
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """*Log af*. Who came by MitID may log off there too, from the page that follows."""
    services.leave(request)
    return redirect("login:left")


@public
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """You are logged off."""
    context = {"heading": _("You are logged out"), "with_mitid": sessions.MITID_KEY in request.session}
    return render(request, "login/left.html", context)
