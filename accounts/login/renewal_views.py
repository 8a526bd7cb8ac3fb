"""*Du skal snart skifte kode*: asked between the password and where one was going (D3.2)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import public

from ..services import demand_on
from . import answers, flow, password_views, renewing


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """The question, and *Skift nu*."""
    offer = flow.offer_in(request.session)
    if offer is None:
        return password_views.start_again(request)
    try:
        owner = renewing.owner_of(offer)
    except DomainError as error:
        return _too_late(request, error)
    now = timezone.now()
    demand = demand_on(owner, now=now)
    if request.method == "POST":
        renewing.make_now(request, owner, next_path=offer.next)
        return redirect("login:assigned")
    return render(request, "login/renew.html", {"owner": owner, "demand": demand, "days": demand.days_left(now)})


@public
@require_POST
def put_off(request: HttpRequest) -> HttpResponse:
    """*Ikke nu*: on to where one was going, unless the time has run out since the question was drawn."""
    offer = flow.offer_in(request.session)
    if offer is None:
        return password_views.start_again(request)
    try:
        owner = renewing.owner_of(offer)
    except DomainError as error:
        return _too_late(request, error)
    if renewing.put_off(request, owner):
        return answers.let_in(request, offer.next, "unilogin")
    renewing.insist(request, owner, next_path=offer.next)
    return redirect("login:assigned")


def _too_late(request: HttpRequest, error: DomainError) -> HttpResponse:
    flow.forget(request.session)
    messages.error(request, str(error))
    return redirect("login:username")
