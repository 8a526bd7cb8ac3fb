"""The way in, the list of classes, a class with its pupils, and its list for printing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from institutions.actor import PortalRequest
from institutions.models import Group, Institution, Membership
from institutions.roles import Right
from unilogin_portal.lib.gate import LevelOfAssurance, public, signed_in, step_up

from ... import helping
from .. import access, classes, empty, frame
from ..access import Capacity, Reach
from ..forms import ChosenForm


@public
@never_cache
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """*Log på*, for teachers and for user administrators (D3.5)."""
    return render(request, "elevadgang/front.html", {"may_help": _may_help(request)})


def _may_help(request: HttpRequest) -> bool:
    """Whether whoever asks is logged in, and among those who may come in at all."""
    return request.user.is_authenticated and request.actor.has_any(access.MAY_HELP)  # type: ignore[attr-defined]


@signed_in
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def administrator(request: PortalRequest) -> HttpResponse:
    """*Log på som brugeradministrator*: on to the classes, or what is missing (D3.5)."""
    if access.is_administrator(request.actor):
        return redirect("elevadgang:classes")
    return render(request, "elevadgang/no_right.html", status=403)


@signed_in
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """A teacher's first class; a user administrator's classes; or why there is nobody here."""
    reach = frame.reach_of(request)
    if reach.administered:
        return _schools(request, reach)
    own = classes.in_order(access.own_groups_for(reach))
    if own:
        return redirect("elevadgang:group", pk=own[0].pk)
    context = {"case": empty.why_nobody(request.actor), "may_help": request.actor.has_any(access.MAY_HELP)}
    return frame.page(request, "empty", reach, context)


def _schools(request: PortalRequest, reach: Reach) -> HttpResponse:
    """The schools of a user administrator, the classes of one of them, or the pupils that were searched for."""
    places = list(access.institutions_for(reach))
    if asked := asked_in(request):
        return found_page(request, reach, places, asked)
    chosen = _chosen(places, request.GET.get("institution", ""))
    context = {"institutions": places, "chosen": chosen, "own": _own_groups(reach)}
    if chosen is None:
        return frame.page(request, "classes", reach, {**context, "lines": classes.institution_lines(places)})
    main, others = classes.group_lines(chosen, access.administered_groups_for(reach))
    return frame.page(request, "classes", reach, {**context, "main": main, "others": others})


def _chosen(places: list[Institution], number: str) -> Institution | None:
    if len(places) == 1:
        return places[0]
    return next((place for place in places if place.number == number), None)


def asked_in(request: PortalRequest) -> str:
    """Return what is searched for, cut and cleaned."""
    return request.GET.get("q", "").replace("\0", "").strip()[: classes.LONGEST_SEARCH]


def _own_groups(reach: Reach) -> list[Group]:
    return classes.in_order(access.own_groups_for(reach)) if reach.taught or reach.lent else []


def found_page(
    request: PortalRequest, reach: Reach, places: list[Institution], asked: str, form: ChosenForm | None = None
) -> HttpResponse:
    """The pupils of a user administrator's schools who are called what was asked for."""
    chosen = _chosen(places, request.GET.get("institution", ""))
    groups = access.administered_groups_for(reach)
    pupils = classes.found(groups.filter(institution=chosen) if chosen else groups, asked)
    shown = pupils[: classes.FOUND]
    place_of = classes.class_and_school_of if len(places) > 1 else classes.class_of
    numbers = {place.pk: place.number for place in places}
    helping.note_viewed(classes.shown(shown, numbers), by=request.user, role=Right.PUPIL_ACCESS)
    context = {
        "institutions": places,
        "chosen": chosen,
        "asked": asked,
        "rows": classes.rows(shown, chosen=_ticked(form), place_of=place_of),
        "too_many": len(pupils) > classes.FOUND,
        "form": form,
    }
    return frame.page(request, "found", reach, context)


def _ticked(form: ChosenForm | None) -> set[int]:
    return {user.pk for user in form.chosen} if form else set()


@signed_in
@never_cache
@require_safe
def group(request: PortalRequest, pk: int) -> HttpResponse:
    return group_page(request, frame.reach_of(request), pk)


def group_page(request: PortalRequest, reach: Reach, pk: int, form: ChosenForm | None = None) -> HttpResponse:
    """The pupils of a class or group, to be ticked."""
    own = _own_groups(reach)
    found, capacity = access.group_for(reach, pk, own)
    pupils, asked = classes.pupils_of(found), asked_in(request)
    shown = classes.matching(pupils, asked)
    _note_viewed(request, shown, found, capacity)
    context = {
        "group": found,
        "capacity": capacity,
        "tabs": classes.tabs(own, found),
        "number": len(pupils),
        "asked": asked,
        "rows": classes.rows(shown, chosen=_ticked(form)),
        "form": form,
    }
    return frame.page(request, "group", reach, context)


def _note_viewed(request: PortalRequest, pupils: list[Membership], group: Group, capacity: Capacity) -> None:
    numbers = {pupil.institution_id: group.institution.number for pupil in pupils}
    helping.note_viewed(classes.shown(pupils, numbers), by=request.user, role=capacity.role)


@signed_in
@never_cache
@require_safe
def printed(request: PortalRequest, pk: int) -> HttpResponse:
    """*Print klasseliste*: names and user names, nothing else. Who prints it stands on it, and in the audit."""
    reach = frame.reach_of(request)
    found, capacity = access.group_for(reach, pk)
    pupils = classes.pupils_of(found)
    _note_viewed(request, pupils, found, capacity)
    helping.note_printed(classes.people(pupils), by=request.user, role=capacity.role, institution=capacity.institution)
    context = {"group": found, "rows": classes.rows(pupils), "now": timezone.now()}
    return frame.page(request, "list", reach, context)
