"""Who may see which weeks and reports. STIL sees all of them; a respondent comes by its link (`links.py`)."""

import datetime as dt

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from institutions.actor import Actor
from institutions.models import Municipality
from institutions.roles import Role

from . import mailing
from .models import Campaign, Report
from .questions import RespondentKind
from .states import CampaignState

# Who keeps the campaigns.
MAY_KEEP = frozenset({Role.OPERATOR})


def campaigns_for(actor: Actor) -> QuerySet[Campaign]:
    """Return the weeks that the actor keeps."""
    return Campaign.objects.all() if actor.has_any(MAY_KEEP) else Campaign.objects.none()


def campaign_for(actor: Actor, pk: int) -> Campaign:
    """Return a week, or 404 if the actor keeps none."""
    return get_object_or_404(campaigns_for(actor), pk=pk)


def reports_for(actor: Actor) -> QuerySet[Report]:
    """Return the reports that the actor keeps an eye on."""
    return Report.objects.filter(campaign__in=campaigns_for(actor))


def report_for(actor: Actor, pk: int) -> Report:
    """Return a report with its week and respondent, or 404 if it is not theirs to see."""
    related = ("campaign", "institution", "municipality")
    return get_object_or_404(reports_for(actor).select_related(*related), pk=pk)


def remindable_for(actor: Actor, now: dt.datetime) -> QuerySet[Report]:
    """Return the reports whose respondents the actor may remind now."""
    return mailing.remindable(now).filter(campaign__in=campaigns_for(actor))


def municipalities_for(actor: Actor) -> QuerySet[Municipality]:
    """Return the municipalities whose addresses the actor keeps, with these."""
    held = Municipality.objects.select_related("sick_leave_address")
    return held if actor.has_any(MAY_KEEP) else held.none()


def municipality_for(actor: Actor, code: str) -> Municipality:
    return get_object_or_404(municipalities_for(actor), code=code)


def open_report_of(actor: Actor, municipality: Municipality) -> Report | None:
    """Return the report that the municipality is asked for now, if a week is open."""
    asked = reports_for(actor).filter(kind=RespondentKind.MUNICIPALITY, municipality=municipality)
    return asked.filter(campaign__state=CampaignState.OPEN).select_related("campaign").first()
