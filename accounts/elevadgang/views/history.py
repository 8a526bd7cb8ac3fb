"""What was done for the pupils whom one may help."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import allow

from .. import access, classes, events, frame

PAGE = 50


@allow(*access.MAY_HELP)
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """*Historik* of the last thirty days, of all one's classes or of one."""
    reach = frame.reach_of(request)
    mine = access.watched_groups_for(reach, request.actor)
    groups = classes.in_order(mine)
    chosen = next((group for group in groups if str(group.pk) == request.GET.get("klasse")), None)
    found = events.events_in(mine.filter(pk=chosen.pk) if chosen else mine)
    page = Paginator(found, PAGE).get_page(request.GET.get("side"))
    named_at = access.names_seen_at(reach, request.actor, groups)
    context = {
        "page": page,
        "lines": events.in_words(page.object_list, request.user, {group.pk: group for group in groups}, named_at),
        "groups": groups,
        "several": len({group.institution_id for group in groups}) > 1,
        "chosen": chosen,
        "days": events.DAYS,
    }
    return frame.page(request, "history", reach, context)
