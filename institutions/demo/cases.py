"""A case that waits in STIL's inbox: the leader of the cast's school asks for a parent without MitID."""

from accounts.models import ContactRelation, Person, User
from unilogin_portal.lib.errors import DomainError

from ..actor import Actor
from ..cases.services import ContactAsked, open_contact_case
from ..models import Case, CaseKind, Institution
from .cast import CAST, LEIF
from .cast_ties import SCHOOL


def open_one() -> Case | None:
    """Open it, if there is no case yet and the school is there; return it, or the one that waits already."""
    if Case.objects.exists():
        return Case.objects.open().first()
    leader = User.objects.filter(person__in=Person.objects.with_cpr(LEIF.cpr)).first()
    school, parent = Institution.objects.filter(number=SCHOOL).first(), _parent()
    if leader is None or school is None or parent is None:
        return None
    asked = ContactAsked(
        cpr=parent.cpr_number(),
        recipient=LEIF.name,
        message="Borgerservice kan ikke udstede MitID, før hun får et nyt pas.",
    )
    try:
        return open_contact_case(CaseKind.CONTACT_USER, school, asked, by=Actor.of(leader))
    except DomainError:  # the child has left school since
        return None


def _parent() -> Person | None:
    """Return a mother at the school who is not one of the cast, always the same."""
    cast = [sealed for member in CAST for sealed in Person.objects.with_cpr(member.cpr).values_list("pk", flat=True)]
    mothers = ContactRelation.objects.current().filter(institution=SCHOOL, relation="Mor", child__user__isnull=False)
    relation = mothers.exclude(contact__in=cast).exclude(contact__memberships__isnull=False).order_by("pk").first()
    return relation.contact if relation else None
