"""What the page of one pupil shows: the account, what can be done now, and what help was given lately."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.access import institution_names
from institutions.models import Membership, MembershipKind
from institutions.roles import label
from unilogin_portal.lib.status import Status

from .. import throttle
from ..models import AuditEvent, Person, ResetWindow, SecretForm, StepUp, User
from ..models.user import ActorGroup
from ..policy import Band
from . import standings

# What is told of help that was given, and how many lines of it.
HELP: dict[str, Promise] = {
    "window.opened": gettext_lazy("A new password was made possible for five minutes"),
    "window.withdrawn": gettext_lazy("The way to a new password was closed"),
    "password.set": gettext_lazy("A new password was created"),
    "login.pause_cleared": gettext_lazy("A pause after wrong passwords was ended"),
    "user.band_designated": gettext_lazy("The kind of password was changed"),
    "user.picture_order_set": gettext_lazy("The order of the pictures was changed"),
    "user.block": gettext_lazy("The account was blocked"),
    "user.unblock": gettext_lazy("The account was opened again"),
    "step_up.approved": gettext_lazy("An adult approved"),
    "step_up.refused": gettext_lazy("An adult refused"),
}
SHOWN = 10
KINDS: dict[Band, Promise] = {
    Band.FIRST_YEARS: gettext_lazy("Four pictures"),
    Band.MIDDLE_YEARS: gettext_lazy("One or two short words"),
    Band.ADULT: gettext_lazy("Two words and two digits"),
}


@dataclass(frozen=True)
class HelpLine:
    """Something that was done: when, what, and who in words."""

    at: dt.datetime
    what: str
    who: str


@dataclass(frozen=True)
class Kind:
    """Of which kind the next password is, and what may be noted instead."""

    words: str
    is_designated: bool
    offers_pictures: bool
    offers_short_words: bool
    uses_pictures: bool


@dataclass(frozen=True)
class Account:
    """How the pupil's account stands."""

    places: list[str]
    logs_on_with: str
    made_at: dt.datetime | None
    statuses: list[Status]
    is_paused: bool


def person_of(pupil: User) -> Person:
    """Return who the pupil is: whoever goes to a school is a person."""
    assert pupil.person is not None  # noqa: S101
    return pupil.person


def account_of(user: User) -> Account:
    """Return how the account stands: five queries."""
    now = timezone.now()
    standing = throttle.standing_of(user)
    live = ResetWindow.objects.live(now).filter(user=user).first()
    window = standings.OpenWindow(live.state, live.expires_at) if live else None
    waits = StepUp.objects.waiting(now).filter(user=user).exists()
    credential = getattr(user, "credential", None)
    return Account(
        places=_places(user),
        logs_on_with=standings.logs_on_with(user),
        made_at=credential.made_at if credential else None,
        statuses=standings.statuses_of(user, standing, window=window, waits=waits, now=now),
        is_paused=standing.paused_until is not None,
    )


def _places(user: User) -> list[str]:
    pupils = Membership.objects.current().filter(person=user.person_id, kind=MembershipKind.STUDENT)
    return [
        _("%(group)s at %(institution)s") % {"group": pupil.main_group.name, "institution": pupil.institution.name}
        if pupil.main_group
        else pupil.institution.name
        for pupil in pupils.select_related("main_group", "institution").order_by("-is_primary", "pk")
    ]


def next_kind_of(user: User) -> Kind:
    """Return the kind of the pupil's next password, and which easier ones it can be: none that is harder."""
    is_pupil = user.actor_group == ActorGroup.STUDENT
    return Kind(
        words=str(KINDS[user.band]),
        is_designated=is_pupil and bool(user.designated_band) and user.designated_band != user.password_band,
        offers_pictures=is_pupil and user.band != Band.FIRST_YEARS,
        offers_short_words=is_pupil and user.password_band == Band.ADULT and user.band != Band.MIDDLE_YEARS,
        uses_pictures=user.band == Band.FIRST_YEARS or _logs_on_with_pictures(user),
    )


def _logs_on_with_pictures(user: User) -> bool:
    credential = getattr(user, "credential", None)
    return credential is not None and credential.form == SecretForm.PICTURES


def help_lines(user: User, *, names: bool) -> list[HelpLine]:
    """Return the help that the pupil got lately, newest first. Only who administers reads colleagues' names."""
    events = AuditEvent.objects.filter(subject=user.person_id, action__in=HELP, actor__isnull=False)
    shown = list(events.exclude(actor=user).select_related("actor__person")[:SHOWN])
    schools = institution_names(event.actor_institution for event in shown if event.actor_institution)
    return [HelpLine(event.at, str(HELP[event.action]), _who(event, schools, names=names)) for event in shown]


def _who(event: AuditEvent, schools: Mapping[str, str], *, names: bool) -> str:
    school = schools.get(event.actor_institution, event.actor_institution)
    if not event.actor_institution:
        return label(event.actor_role) if event.actor_role else _("Somebody else")
    who = _("%(role)s at %(institution)s") % {"role": label(event.actor_role), "institution": school}
    person = event.actor.person if event.actor and names else None
    return f"{person.name}, {who[:1].lower()}{who[1:]}" if person else who
