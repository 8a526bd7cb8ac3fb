"""*Få mit eller mit barns brugernavn* (D3.4 A)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unilogin_portal.lib.gate import public

from .. import services as accounts
from ..access import children_of
from . import proof, services


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What there is to choose from, before MitID."""
    return render(request, "activation/start.html")


@public
@never_cache
@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """After MitID: create the user, or choose whose user name to see."""
    person = proof.proven_person(request)
    if person is None:
        return redirect("activation:start")
    template = "activation/choose.html" if person.user.is_activated else "activation/create.html"
    return render(request, template, {"person": person, "has_children": bool(children_of(person))})


@public
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """*Klik for at oprette bruger*. A second click finds it done."""
    person = proof.proven_person(request)
    if person is None:
        return redirect("activation:start")
    accounts.activate(person.user, by=person.user)
    return redirect("activation:names")


@public
@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """One's own user name."""
    person = proof.proven_person(request)
    if person is None or not person.user.is_activated:
        return redirect("activation:start")
    return render(request, "activation/own.html", {"person": person, "has_children": bool(children_of(person))})


@public
@never_cache
@require_safe
def children(request: HttpRequest) -> HttpResponse:
    """The children's user names."""
    person = proof.proven_person(request)
    if person is None or not person.user.is_activated:
        return redirect("activation:start")
    return render(request, "activation/children.html", {"person": person, "children": services.show_children(person)})


@public
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """*Afslut*: nobody who comes to this screen next sees the names."""
    proof.forget(request)
    return redirect("login:username")
