"""Lending a class to a substitute until a date, and taking it back (D3.5)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from institutions import substitutes
from institutions.actor import PortalRequest
from institutions.models import Membership
from unilogin_portal.lib.dates import date_text
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import allow

from .. import access, classes, frame, lending
from ..access import Reach
from ..lending import FindForm, LendForm


@allow(*access.MAY_HELP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest) -> HttpResponse:
    """Who stands in where, and a class to lend: find the colleague first, then say until when."""
    reach = frame.reach_of(request)
    groups = classes.in_order(access.lendable_groups_for(reach))
    find = FindForm(request.GET or None, groups=groups)
    found = _found(find, reach)
    form = LendForm(request.POST or None, colleagues=found[: lending.FOUND])
    if request.method == "POST":
        if not find.is_valid():
            raise Http404
        if form.is_valid() and _give(request, find, form, reach):
            return redirect("elevadgang:substitutes")
    context = {
        "may_lend": bool(groups),
        "find": find,
        "has_asked": find.is_bound and find.is_valid(),
        "too_many": len(found) > lending.FOUND,
        "form": form,
        "given": lending.lines(access.substitutes_for(reach)) if groups else [],
        "lent": lending.lines(access.lent_to(reach)) if reach.lent else [],
    }
    return frame.page(request, "substitutes", reach, context)


def _found(find: FindForm, reach: Reach) -> list[Membership]:
    """Return the colleagues that were asked for, one more than a list shows."""
    if not find.is_bound or not find.is_valid():
        return []
    colleagues = access.colleagues_of(find.group, apart_from=reach.user)
    return lending.called(colleagues, find.cleaned_data["q"])[: lending.FOUND + 1]


def _give(request: PortalRequest, find: FindForm, form: LendForm, reach: Reach) -> bool:
    """Lend the class; return whether it was done. What the form cannot know is told on it."""
    group, until = find.group, form.cleaned_data["until"]
    __, capacity = access.group_for(reach, group.pk, [group])
    try:
        substitutes.give_access(
            group,
            form.membership,
            until=until,
            by=request.user,
            role=capacity.role,
            institution=capacity.institution,
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    words = {"name": form.membership.person.name, "group": group.name, "day": date_text(until)}
    messages.success(request, _("%(name)s can help %(group)s until and including %(day)s.") % words)
    return True


@allow(*access.MAY_HELP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PortalRequest, pk: int) -> HttpResponse:
    """*Afslut*: take a class back before the day. Twice is once."""
    reach = frame.reach_of(request)
    lent, capacity = access.substitute_for(reach, pk)
    if request.method != "POST":
        return frame.page(request, "end_substitute", reach, {"lent": lent})
    substitutes.end_access(lent, by=request.user, role=capacity.role, institution=capacity.institution)
    words = {"name": lent.membership.person.name, "group": lent.group.name}
    messages.success(request, _("%(name)s can no longer help %(group)s.") % words)
    return redirect("elevadgang:substitutes")
