"""What was done for the pupils of some classes, in words: for their teachers, administrators and leaders (D9.4)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.models import Group, Membership, SubstituteAccess
from institutions.roles import label

from ..models import AuditEvent, Person, ServiceLink, User
from ..services import Why
from . import access

DAYS = 30
PRINTED = "list.printed"
# Done by somebody at the school, in a role there. What pupils and parents do by themselves is not the school's to see.
DONE: dict[str, Promise] = {
    "window.opened": gettext_lazy("A window for a new password was opened"),
    "window.withdrawn": gettext_lazy("The window was closed"),
    "password.set": gettext_lazy("The pupil got a new password"),
    "step_up.approved": gettext_lazy("Approved"),
    "step_up.refused": gettext_lazy("Refused"),
    "step_up.ended": gettext_lazy("An approval was ended early"),
    "user.band_designated": gettext_lazy("The kind of password was changed"),
    "user.picture_order_set": gettext_lazy("The order of the pictures was changed"),
    "login.pause_cleared": gettext_lazy("A pause after wrong passwords was ended"),
    "user.block": gettext_lazy("The pupil was blocked"),
    "user.unblock": gettext_lazy("The pupil was unblocked"),
    "person.viewed": gettext_lazy("Protected data were seen"),
    PRINTED: gettext_lazy("The class list was printed"),
}
# What became of a window at the pupil's screen, or with time.
BEFELL: dict[str, Promise] = {
    "window.mischosen": gettext_lazy("The window was closed: wrong picture"),
    "window.expired": gettext_lazy("The window's time ran out"),
}
# About a class, and the colleague who stands in.
LENT: dict[str, Promise] = {
    "substitute.given": gettext_lazy("The class was lent to a colleague"),
    "substitute.ended": gettext_lazy("A colleague's access was ended"),
}
# A password that the pupil or a parent made is not the school's doing.
_DONE_AT_SCHOOL = Q(action__in=DONE) & (~Q(action="password.set") | Q(details__why=Why.HELPED))
_WORDS = {**DONE, **BEFELL, **LENT}


@dataclass(frozen=True)
class EventLine:
    """When, what, whom it was about (nobody for a whole class), of which class, and who in words."""

    at: dt.datetime
    what: str
    whom: str
    group: str
    who: str


def events_in(groups: QuerySet[Group]) -> QuerySet[AuditEvent]:
    """Return what was done for the pupils of these groups lately, newest first: one query before that for the events.

    Only what was done at the groups' own institutions: another school's help for the same pupil is not theirs to see.
    """
    groups = groups.order_by()
    pupils, substitutes = _people_of(groups)
    here = Q(actor_institution__in=groups.values("institution__number"))
    about_pupils = _about(pupils) & ((_DONE_AT_SCHOOL & here) | Q(action__in=BEFELL))
    keys = groups.annotate(key=_text("pk")).values("key")
    about_groups = _about(substitutes) & Q(action__in=LENT, lent_group__in=keys) & here
    return (
        _lately()
        .annotate(lent_group=_text(KT("details__group")))
        .filter(about_pupils | about_groups)
        .exclude(_again(pupils))
        .annotate(group_name=_group_name(groups))
    )


def help_for(pupil: Person, institution: str) -> QuerySet[AuditEvent]:
    """Return what somebody at this institution (number) did for one pupil lately, newest first: one query."""
    done = _DONE_AT_SCHOOL & Q(actor_institution=institution) & ~Q(action=PRINTED)
    return _lately().filter(done | Q(action__in=BEFELL), subject=pupil).annotate(group_name=Value(""))


def _lately() -> QuerySet[AuditEvent]:
    service = ServiceLink.objects.filter(slug=OuterRef("service")).values("name")
    return (
        AuditEvent.objects.filter(at__gte=timezone.now() - dt.timedelta(days=DAYS))
        .annotate(service=_text(KT("details__service")))
        .annotate(service_name=Subquery(service[:1]))
        .select_related("subject", "actor__person")
    )


def _people_of(groups: QuerySet[Group]) -> tuple[list[int], list[int]]:
    """Return the pupils, and whoever was a substitute (keys): by these the audit is read, which holds all the country's
    people, and whose index begins with whom it is about.
    """
    pupils: Any = access.pupils_in(groups).order_by().values_list("person", Value("pupil"))
    lent = SubstituteAccess.objects.filter(group__in=groups).order_by()
    found = list(pupils.union(lent.values_list("membership__person", Value("substitute"))))
    return [pk for pk, what in found if what == "pupil"], [pk for pk, what in found if what == "substitute"]


def _about(people: list[int]) -> Q:
    return Q(subject__any_of=people) if people else Q(pk__in=[])


def _text(expression: Any) -> Cast:
    """What JSON holds and what a column holds are compared as texts, on every database."""
    return Cast(expression, CharField())


def _again(pupils: list[int]) -> Q:
    """A list that is printed is recorded for everybody on it, and told once: with the first of them."""
    first = AuditEvent.objects.filter(
        _about(pupils),
        action=PRINTED,
        actor=OuterRef("actor"),
        request_id=OuterRef("request_id"),
        pk__lt=OuterRef("pk"),
    )
    return Q(action=PRINTED) & ~Q(request_id="") & Q(Exists(first))


def _group_name(groups: QuerySet[Group]) -> Subquery:
    """The main group where it is one of these; a pupil has one at an institution."""
    mine = Membership.objects.current().filter(person=OuterRef("subject"), main_group__in=groups)
    return Subquery(mine.order_by("-is_primary", "pk").values("main_group__name")[:1])


def in_words(
    events: Iterable[Any], viewer: User, groups: Mapping[int, Group], named_at: frozenset[str]
) -> list[EventLine]:
    """Put events into words.

    `named_at`: the institutions (numbers) whose colleagues the viewer sees by name; at others, by role.
    """
    return [
        EventLine(
            event.at,
            _what(event),
            "" if event.action == PRINTED or event.subject is None else event.subject.name,
            _group(event, groups),
            _who(event, viewer, named_at),
        )
        for event in events
    ]


def _what(event: Any) -> str:
    what = str(_WORDS[event.action])
    if event.service:
        return _("%(what)s: %(service)s") % {"what": what, "service": event.service_name or event.service}
    return what


def _group(event: Any, groups: Mapping[int, Group]) -> str:
    lent = groups.get(event.details.get("group", 0))
    return lent.name if lent else event.group_name or ""


def _who(event: AuditEvent, viewer: User, named_at: frozenset[str]) -> str:
    if event.actor is None:
        return _("At the pupil's screen") if event.action == "window.mischosen" else _("Happened by itself")
    if event.actor_id == viewer.pk:
        return _("You")
    role = label(event.actor_role)
    name = event.actor.name_at_work if event.actor_institution in named_at else ""
    return f"{name}, {role[:1].lower()}{role[1:]}" if name else role
