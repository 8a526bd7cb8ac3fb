"""*Hvem har set og ændret*: the audit in words, for the person it is about and for parents (D9.4)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.access import institution_names
from institutions.roles import LABELS, Role, label

from ..access import service_names
from ..models import AuditEvent, Person, User
from ..models.user import ActorGroup
from ..services import Why
from .forms import ME
from .told import ABOUT_CHILD, ABOUT_SELF, BY_ITSELF, GIVEN_BY, SERVICE_OF, Kind

# Who acts for no institution.
AT_NO_INSTITUTION: dict[str, Promise] = {
    ActorGroup.CONTACT: gettext_lazy("A parent"),
    Role.OPERATOR: LABELS[Role.OPERATOR],
}


@dataclass(frozen=True)
class HistoryLine:
    """One row: when, what (with the child's first name where it is about a child), and who in words."""

    at: dt.datetime
    what: str
    who: str


def events_for(
    person: Person, children: Sequence[Person], *, about: str = "", kind: Kind | None = None
) -> QuerySet[AuditEvent]:
    """Return the events that a person may see: about themselves and about children in their custody, newest first.

    `about`: only these, oneself (`ME`) or a child (its key). `children` are those in custody now.
    """
    mine = Q(subject=person, action__in=_of_kind(ABOUT_SELF, kind))
    theirs = Q(subject__in=[child.pk for child in children], action__in=_of_kind(ABOUT_CHILD, kind))
    if about == ME:
        wanted = mine
    elif about:
        wanted = theirs & Q(subject=about)
    else:
        wanted = mine | theirs
    return AuditEvent.objects.filter(wanted).select_related("subject", "actor")


def _of_kind(actions: Iterable[str], kind: Kind | None) -> list[str]:
    return [action for action in actions if kind is None or ABOUT_SELF[action].kind is kind]


def in_words(events: Iterable[AuditEvent], viewer: User) -> list[HistoryLine]:
    """Put events into words: one query for all institutions' names, and one for services' where there are any.

    A colleague's name is never among them.
    """
    events = list(events)
    places = institution_names(event.actor_institution for event in events if event.actor_institution)
    services = service_names(slug for event in events if (slug := event.details.get(SERVICE_OF)))
    return [HistoryLine(event.at, _what(event, viewer, services), _who(event, viewer, places)) for event in events]


def _what(event: AuditEvent, viewer: User, services: Mapping[str, str]) -> str:
    what = str(_words(event))
    if slug := event.details.get(SERVICE_OF):
        what = _("%(what)s: %(service)s") % {"what": what, "service": services.get(slug, slug)}
    if event.subject is None or event.subject_id == viewer.person_id:
        return what
    return _("%(name)s: %(what)s") % {"name": event.subject.first_name, "what": what}


def _words(event: AuditEvent) -> object:
    given = GIVEN_BY.get(Why(event.details["why"])) if event.details.get("why") in set(Why) else None
    return given if given and event.action == "password.set" else ABOUT_SELF[event.action].words


def _who(event: AuditEvent, viewer: User, places: Mapping[str, str]) -> str:
    if event.actor is None:
        return _("Happened by itself") if event.action in BY_ITSELF else _("Someone who was not logged in")
    if event.actor_id == viewer.pk:
        return _("You")
    if event.actor_institution:
        return _("%(role)s at %(institution)s") % {
            "role": label(event.actor_role),
            "institution": places.get(event.actor_institution, event.actor_institution),
        }
    if event.actor_role in AT_NO_INSTITUTION:
        return str(AT_NO_INSTITUTION[event.actor_role])
    return _("The child") if event.actor.person_id == event.subject_id else _("Somebody else")
