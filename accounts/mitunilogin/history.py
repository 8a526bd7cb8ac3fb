"""*Hvem har set og ændret*: the audit in words, for the person it is about and for parents (D9.4)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.access import institution_names
from institutions.roles import labels

from ..access import children_of
from ..models import AuditEvent, Person, User
from ..models.user import ActorGroup

# What a person is told of. Log-ins of a child are the child's own matter and are not shown to parents.
ABOUT_SELF: dict[str, Promise] = {
    "user.activated": gettext_lazy("The account was activated"),
    "user.band_designated": gettext_lazy("The kind of password was changed"),
    "password.put_off": gettext_lazy("Changing the password was put off"),
    "password.set": gettext_lazy("A new password was created"),
    "password.refused": gettext_lazy("Someone without permission tried to create a new password"),
    "login.admitted": gettext_lazy("Login"),
    "login.refused": gettext_lazy("Login with a wrong password"),
    "login.paused": gettext_lazy("Too many wrong passwords: login paused"),
    "login.pause_cleared": gettext_lazy("A pause after wrong passwords was ended"),
    "username.shown": gettext_lazy("The user name was shown"),
    "session.ended": gettext_lazy("Logged out on a device"),
    "session.others_ended": gettext_lazy("Logged out on all other devices"),
}
ABOUT_CHILD = frozenset(
    {
        "user.activated",
        "user.band_designated",
        "password.set",
        "password.refused",
        "login.paused",
        "login.pause_cleared",
        "username.shown",
    }
)


@dataclass(frozen=True)
class HistoryLine:
    """One row: when, what (with the child's first name where it is about a child), and who in words."""

    at: dt.datetime
    what: str
    who: str


def events_for(person: Person) -> QuerySet[AuditEvent]:
    """Return the events that a person may see: about themselves and about children in their custody, newest first."""
    children = [child.pk for child in children_of(person)]
    return AuditEvent.objects.filter(
        Q(subject=person, action__in=ABOUT_SELF) | Q(subject__in=children, action__in=ABOUT_CHILD)
    ).select_related("subject", "actor")


def in_words(events: Iterable[AuditEvent], viewer: User) -> list[HistoryLine]:
    """Put events into words, with one query for all institutions' names. A colleague's name is never among them."""
    events = list(events)
    names = institution_names(event.actor_institution for event in events if event.actor_institution)
    return [HistoryLine(event.at, _what(event, viewer), _who(event, viewer, names)) for event in events]


def _what(event: AuditEvent, viewer: User) -> str:
    what = str(ABOUT_SELF[event.action])
    if event.subject is None or event.subject_id == viewer.person_id:
        return what
    return _("%(name)s: %(what)s") % {"name": event.subject.first_name, "what": what}


def _who(event: AuditEvent, viewer: User, names: dict[str, str]) -> str:
    if event.actor_id == viewer.pk:
        return _("You")
    if event.actor is None:
        return _("Someone who was not logged in")
    if event.actor_institution:
        return _("%(role)s at %(institution)s") % {
            "role": labels([event.actor_role]),
            "institution": names.get(event.actor_institution, event.actor_institution),
        }
    if event.actor_role == ActorGroup.CONTACT:
        return _("A parent")
    if event.actor.person_id == event.subject_id:
        return _("The child")
    return _("Somebody else")
