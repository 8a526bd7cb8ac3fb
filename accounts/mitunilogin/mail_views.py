"""A mail when somebody gives one's child a new password: asking for it, and stopping it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from institutions.actor import PortalRequest
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import public, signed_in

from .. import access, reset_mail


@signed_in
@require_POST
def choose(request: PortalRequest) -> HttpResponse:
    """*Ja tak* or *Stop*, by who has children in custody; whoever has them no more can still stop."""
    wanted = request.POST.get("besked") == "ja"
    person = request.user.person
    if person is None or (wanted and not access.children_of(person)):
        raise Http404
    try:
        reset_mail.choose(request.user, wanted=wanted, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You get an email from now on.") if wanted else _("You get no more emails."))
    return redirect("mitunilogin:overview")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails by the link in one of them, without a log-in; the button is pressed by a person, not a filter."""
    user = reset_mail.user_of(token)
    if request.method == "POST" and user is not None:
        reset_mail.choose(user, wanted=False, by=None)
        return redirect(request.path)
    state = "unknown" if user is None else "wanted" if user.wants_reset_mail else "stopped"
    response = render(request, "mitunilogin/decline_mail.html", {"state": state})
    response["Referrer-Policy"] = "no-referrer"  # the address is the key to this one button
    return response
