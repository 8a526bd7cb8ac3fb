"""For whom an institution may ask: contact persons of its own children in school or day care (D3.6)."""

import datetime as dt

from django.db.models import QuerySet

from accounts.models import AuditEvent, ContactRelation, Person, User
from accounts.models.user import ActorGroup

from ..models import Institution, Membership, MembershipKind

# D1.6 Trin. Youth and adult education are not school in the law's sense.
LEVELS = ("DT", *(str(level) for level in range(11)), "Andet")


def contact_with(cpr: str, institution: Institution) -> Person | None:
    """Return the contact person with this CPR number, or None: for nobody and for somebody else's alike, one query."""
    return _contacts_at(institution).filter(pk__in=Person.objects.with_cpr(cpr).values("pk")).first()


def is_contact(person: Person, institution: Institution) -> bool:
    """Whether the institution reports the person as contact person of one of its children now."""
    return _contacts_at(institution).filter(pk=person.pk).exists()


def last_mitid(person: Person) -> dt.datetime | None:
    """Return when the person last logged in with MitID, as far as the audit still knows: who has it needs no letter."""
    events = AuditEvent.objects.filter(subject=person, action="login.admitted", details__method="mitid")
    return events.order_by("-at").values_list("at", flat=True).first()


def is_employee(user: User) -> bool:
    """Whether this is an account at work somewhere. It takes MitID (D3.3): a letter through another's hands must not
    open it, whoever says that its owner is contact person of a child.
    """
    return user.is_staff or user.actor_group == ActorGroup.EMPLOYEE


def has_other_roles(person: Person) -> bool:
    """Whether the account is also a pupil's or an external's somewhere: the letter opens that too."""
    return Membership.objects.current().filter(person=person).exists()


def _contacts_at(institution: Institution) -> QuerySet[Person]:
    children = Membership.objects.current().filter(
        institution=institution, kind=MembershipKind.STUDENT, level__in=LEVELS
    )
    relations = ContactRelation.objects.current().filter(
        institution=institution.number, child__in=children.values("person")
    )
    return Person.objects.filter(pk__in=relations.values("contact"), user__isnull=False).select_related("user")
