"""*Notifikationer*: which addresses are mailed, and the two links that stand in those mails."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from institutions.actor import PortalRequest
from institutions.models import Institution
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LevelOfAssurance, allow, public, step_up

from .. import access, frame, services, subscriptions
from ..forms import AddressForm
from ..models import Provider, Scope
from ..subscriptions import About


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: PortalRequest) -> HttpResponse:
    topics = _in_words(subscriptions.topics_of(request.actor))
    form = AddressForm(request.POST or None, topics=topics)
    if request.method == "POST" and form.is_valid():
        try:
            services.subscribe(form.cleaned_data["email"], form.topic, by=request.actor)
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("We have sent a link to the address. The mails begin when it is used."))
            return redirect("dataagreements:notifications")
    words = {topic.key: text for topic, text in topics}
    rows = [
        (row, words.get(About(Scope(row.scope), row.identifier, row.provider).key, ""))
        for row in subscriptions.subscriptions_of(request.actor)
    ]
    return frame.page(request, "notifications", {"form": form, "rows": rows})


def _in_words(topics: list[About]) -> list[tuple[About, str]]:
    numbers = [topic.identifier for topic in topics if topic.identifier]
    names = dict(Institution.objects.filter(p_number__in=numbers).values_list("p_number", "name"))
    return [(topic, _topic_text(topic, names)) for topic in topics]


def _topic_text(topic: About, names: dict[str, str]) -> str:
    if isinstance(topic.provider, Provider):
        return _("Answers to %(provider)s") % {"provider": topic.provider.name}
    if topic.scope is Scope.P:
        name = names.get(topic.identifier, "")
        return _("Requests to %(name)s (P-number %(number)s)") % {"name": name, "number": topic.identifier}
    return _("Requests to all units under CVR %(number)s") % {"number": topic.identifier}


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@require_POST
def remove_address(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(subscriptions.subscriptions_of(request.actor), pk=pk)
    services.remove(row, by=request.user)
    messages.success(request, _("The address gets no more mails."))
    return redirect("dataagreements:notifications")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """The address says yes, by the link in its mail; the button is pressed by a person, not by a filter."""
    row = subscriptions.subscription_of(token)
    if request.method == "POST" and row is not None:
        services.confirm(row)
        return redirect(request.path)
    state = "unknown" if row is None else "confirmed" if row.confirmed_at else "asked"
    return _by_link(request, "confirm_address", state)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails by the link in one of them, without a log-in."""
    row = subscriptions.subscription_of(token)
    if request.method == "POST" and row is not None:
        services.remove(row, by=None)
        return redirect(request.path)
    return _by_link(request, "stop_mails", "subscribed" if row else "stopped")


def _by_link(request: HttpRequest, template: str, state: str) -> HttpResponse:
    response = render(request, f"dataagreements/{template}.html", {"state": state})
    response["Referrer-Policy"] = "no-referrer"  # the address is the key to this one button
    return response
