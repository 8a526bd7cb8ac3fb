"""The pages on which a new password is made (D3.4 B, C, D)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import public

from .. import pictures, policy
from .. import services as accounts
from . import answers, flow, forms, making, services
from .services import Outcome

DONE_KEY = "password_done_for"
_SAVED = {
    False: gettext_noop("Your new password is saved. Use it the next time you log in."),
    True: gettext_noop("Your new pictures are saved. Use them the next time you log in."),
}


@public
@never_cache
@require_safe
def first_password(request: HttpRequest) -> HttpResponse:
    """An account without a password: who can make one, and how (D3.4 B)."""
    return _ways(request, "login/first_password.html")


@public
@never_cache
@require_safe
def new_password(request: HttpRequest) -> HttpResponse:
    """*Få en ny adgangskode*: known or forgotten (D3.4 C, D)."""
    return _ways(request, "login/new_password.html")


@public
@never_cache
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """*Glemt adgangskode*: by MitID, one's own or a parent's."""
    return _ways(request, "login/forgotten.html")


def _ways(request: HttpRequest, template: str) -> HttpResponse:
    visit = flow.visit_in(request.session)
    if visit is None:
        return redirect("login:username")
    return render(request, template, {"visit": visit})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """*Skift adgangskode*: the present one proves who it is, and counts as a try like any other."""
    visit = flow.visit_in(request.session)
    if visit is None:
        return redirect("login:username")
    if services.chooses_pictures(visit.username):
        return redirect("login:change_pictures")
    form = forms.OldPasswordForm(request.POST or None)
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = services.try_password(request, visit.username, form.cleaned_data["password"])
        if answer.user is not None and answer.outcome in {Outcome.ADMITTED, Outcome.EXPIRED}:
            services.begin_making(request, answer.user, why=accounts.Why.KNOWN, by=answer.user, next_path=visit.next)
            return redirect("login:assigned")
    context = {"form": form, "visit": visit, "answer": answer, "outcome": answer.outcome.value if answer else ""}
    return render(request, "login/change.html", context)


@public
@never_cache
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """The child at the screen is told that a new password comes now (D3.4 D)."""
    current = flow.making_in(request.session)
    if current is None:
        return start_again(request)
    owner = making.user_of(current)
    in_pictures = policy.policy_of(owner.band).form is policy.Form.PICTURES
    return render(request, "login/told.html", {"owner": owner, "in_pictures": in_pictures})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assigned(request: HttpRequest) -> HttpResponse:
    """The password that the system gives. It is on the page once; coming back draws another."""
    current = flow.making_in(request.session)
    if current is None:
        return start_again(request)
    if request.method == "POST" and current.candidate:
        flow.remember_making(request.session, current.kept())
        return redirect("login:repeat_pictures" if current.in_pictures else "login:repeat")
    owner, secret = making.user_of(current), making.draw(request, current)
    rule = policy.policy_of(owner.band)
    context: dict[str, Any] = {"secret": secret, "owner": owner, "making": current, "policy": rule}
    if rule.form is not policy.Form.PICTURES:
        return render(request, "login/assigned.html", context)
    context["pictures"] = shown = pictures.pictures_of(secret)
    context["story"] = pictures.story_of(shown)
    return render(request, "login/assigned_pictures.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest) -> HttpResponse:
    """Repeat the assigned password."""
    current = flow.making_in(request.session)
    if current is None:
        return start_again(request)
    if not current.confirmed or current.in_pictures or current.repeats >= flow.REPEATS:
        return redirect("login:assigned")
    form = forms.RepeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if accounts.is_hash_of(current.candidate, form.cleaned_data["password"]):
            return finish(request, current, current.candidate)
        flow.remember_making(request.session, current.repeated_wrongly())
        form.add_error("password", _("That is not the password you were given. Check what you wrote down."))
    return render(request, "login/repeat.html", {"form": form, "owner": making.user_of(current), "making": current})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """*Lav min egen adgangskode*."""
    current = flow.making_in(request.session)
    if current is None:
        return start_again(request)
    owner = making.user_of(current)
    rule = policy.policy_of(owner.band)
    if not rule.self_chosen:
        return redirect("login:assigned")
    form = forms.OwnPasswordForm(request.POST or None)
    broken: list[policy.Violation] = []
    if request.method == "POST":
        whole = form.is_valid()
        if wanted := form.cleaned_data.get("password"):
            broken = accounts.violations_of(owner, wanted)
            if whole and not broken:
                return finish(request, current, accounts.hash_of(wanted))
            for violation in broken:
                form.add_error("password", violation.label)
    context: dict[str, Any] = {"form": form, "owner": owner, "making": current, "policy": rule}
    context["checklist"] = policy.checklist(rule, broken if form.data.get("password") else None)
    return render(request, "login/own.html", context)


def finish(request: HttpRequest, current: flow.Making, hashed: str) -> HttpResponse:
    """Save the new password and lead on: in, or to the receipt."""
    try:
        owner = making.finish(request, current, hashed)
    except DomainError as error:
        flow.forget(request.session)
        messages.error(request, str(error))
        return redirect("login:username")
    if current.for_child:
        request.session[DONE_KEY] = owner.pk
        return redirect("login:done")
    if turned_away := answers.turned_away(owner):
        return turned_away
    messages.success(request, _(_SAVED[current.in_pictures]))
    return redirect(current.next or "mitunilogin:overview")


@public
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The receipt of who is not logged in with it: a parent who helped."""
    if DONE_KEY not in request.session:
        return redirect("login:username")
    return render(request, "login/done.html")


def start_again(request: HttpRequest) -> HttpResponse:
    """The quarter of an hour is over, the way is at its end already, or somebody typed the address."""
    if request.user.is_authenticated:
        return redirect("mitunilogin:overview")
    messages.info(request, _("That page has expired. Nothing was saved. Start again with your user name."))
    return redirect("login:username")
