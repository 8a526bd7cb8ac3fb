"""What stands on Mit Unilogin, gathered with a number of queries that does not depend on how much there is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.access import institution_names, memberships_of
from institutions.models import Membership
from institutions.roles import labels
from unilogin_portal.lib.dates import date_text
from unilogin_portal.lib.status import Status

from ..access import is_this_session
from ..models import ContactRelation, Credential, LoginSession, Person, SecretForm, ServiceLink, User
from ..models.person import Relation
from ..models.user import ActorGroup
from ..renewal import Demand, Due, Reason
from ..services import demand_on
from ..states import UserState

# How long before its end a password is warned of.
WARN_DAYS = 30
# The access level (D1.5) from which a contact person may be told the child's name.
NAME_LEVEL = 1
# Children in day care (D1.6 Trin) have nothing to log in to yet.
DAY_CARE_LEVEL = "DT"


@dataclass(frozen=True)
class RoleLine:
    """One row of *Dine institutioner og roller*."""

    institution: str
    role: str
    groups: str


@dataclass(frozen=True)
class Child:
    """A child in the user's custody."""

    person: Person
    place: str
    has_secret: bool
    needs_secret: bool
    has_pictures: bool
    is_blocked: bool

    @property
    def can_be_helped(self) -> bool:
        return (self.has_secret or self.needs_secret) and not self.is_blocked


@dataclass(frozen=True)
class Device:
    """A session as its user sees it."""

    session: LoginSession
    is_this: bool


@dataclass(frozen=True)
class PasswordTerm:
    """Until when the password counts; `warn` when it soon ends, `demand` when a new one is asked for."""

    made: bool
    expires: dt.datetime | None
    warn: bool
    demand: Status | None = None


def services_for(user: User) -> list[ServiceLink]:
    """Return the services that let this kind of user in."""
    return [service for service in ServiceLink.objects.offered() if service.is_for(user.actor_group)]


def role_lines(person: Person) -> list[RoleLine]:
    """Return memberships first, then what the person is contact person for."""
    return [_membership_line(m) for m in memberships_of(person)] + _contact_lines(person)


def _membership_line(membership: Membership) -> RoleLine:
    groups = [membership.main_group.name] if membership.main_group else []
    groups += [group.name for group in membership.groups.all() if group.name not in groups]
    return RoleLine(membership.institution.name, labels(membership.roles), ", ".join(groups))


def _contact_lines(person: Person) -> list[RoleLine]:
    relations = list(
        ContactRelation.objects.current()
        .filter(contact=person)
        .select_related("child")
        .order_by("child__birth_date", "pk")
    )
    names = institution_names(relation.institution for relation in relations)
    lines = [
        RoleLine(names.get(r.institution, r.institution), labels([ActorGroup.CONTACT]), _whose(r)) for r in relations
    ]
    return list(dict.fromkeys(lines))


def _whose(relation: ContactRelation) -> str:
    if not relation.custody and relation.access_level < NAME_LEVEL:
        return ""
    name = relation.child.first_name
    words = {
        Relation.MOTHER: _("Mother of %(name)s"),
        Relation.FATHER: _("Father of %(name)s"),
        Relation.OFFICIAL: _("Officially attached to %(name)s"),
    }
    return words.get(Relation(relation.relation), _("Contact person for %(name)s")) % {"name": name}


def children_for(children: Sequence[Person]) -> list[Child]:
    """Return the children in custody with where they go: one query however many."""
    places: dict[int, Membership] = {}
    memberships = (
        Membership.objects.current()
        .filter(person__in=children)
        .select_related("institution", "main_group")
        .order_by("is_primary", "pk")
    )
    for membership in memberships:
        places[membership.person_id] = membership
    return [_child(child, places.get(child.pk)) for child in children]


def _child(child: Person, membership: Membership | None) -> Child:
    in_school = membership is not None and membership.level != DAY_CARE_LEVEL
    terms = getattr(child.user, "credential", None)
    return Child(
        child,
        _place(membership) if membership else "",
        has_secret=child.user.has_secret,
        needs_secret=in_school,
        has_pictures=terms is not None and terms.form == SecretForm.PICTURES,
        is_blocked=child.user.state == UserState.BLOCKED,
    )


def _place(membership: Membership) -> str:
    if membership.main_group is None:
        return membership.institution.name
    return _("%(group)s at %(institution)s") % {
        "group": membership.main_group.name,
        "institution": membership.institution.name,
    }


def password_term(user: User) -> PasswordTerm:
    credential = getattr(user, "credential", None)
    if credential is None:
        return PasswordTerm(made=user.has_secret, expires=None, warn=False)
    now = timezone.now()
    soon = bool(credential.expires_at and credential.expires_at < now + dt.timedelta(days=WARN_DAYS))
    return PasswordTerm(True, credential.expires_at, soon, _demand(demand_on(user, now=now), credential))


def _demand(demand: Demand, credential: Credential) -> Status | None:
    """Put into words by when a new password must be made. The days of a new band begin at a log-in, not here."""
    if demand.due is Due.NOT_YET or demand.until is None:
        return None
    if demand.due is Due.NOW:
        return Status("info", _("Must be changed now"))
    if demand.reason is Reason.BAND and credential.renew_by is None:
        return Status("info", _("Must be changed soon"))
    return Status("info", _("Must be changed by %(day)s") % {"day": date_text(demand.until)})


def devices_of(user: User, session_key: str | None) -> list[Device]:
    """Return the user's sessions that have not ended by themselves, this one first."""
    sessions = LoginSession.objects.filter(user=user, expire_date__gt=timezone.now())
    devices = [Device(session, is_this_session(session, session_key)) for session in sessions]
    return sorted(devices, key=lambda device: not device.is_this)


def demo_services_run() -> bool:
    """Whether the built-in practice services answer."""
    return bool(settings.TEST_IDP)
