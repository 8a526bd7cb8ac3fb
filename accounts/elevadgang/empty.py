"""Why somebody can help nobody, and what to do about it in the school's own system: by case (D3.5)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from institutions.actor import Actor
from institutions.models import Membership, MembershipKind
from institutions.roles import EMPLOYEE_ROLES, Role, in_words
from unilogin_portal.lib.dates import day_text

from . import access


@dataclass(frozen=True)
class Emptiness:
    """What is the case, why, and what can be done."""

    heading: str
    why: str
    what_to_do: str


def why_nobody(actor: Actor) -> Emptiness:
    """Return why the actor's list is empty: at most one query."""
    if access.is_administrator(actor):
        return _right_without_school()
    if Role.TEACHER in actor.roles:
        return _teacher_without_class()
    if actor.has_any(EMPLOYEE_ROLES):
        return _no_teacher(actor)
    return _ended(actor) or _not_employed()


def _right_without_school() -> Emptiness:
    return Emptiness(
        _("You have no pupils here yet"),
        _("Your right as user administrator is for a unit that no school here belongs to."),
        _("Ask whoever administers rights in NemLog-in at your workplace to check the CVR number or P number."),
    )


def _teacher_without_class() -> Emptiness:
    return Emptiness(
        _("You have no pupils here yet"),
        _(
            "The school's own system has you as a teacher, but of no class or group. Elevadgang shows the pupils of "
            "the classes and groups you teach there."
        ),
        _(
            "Ask the school's office to tie you to your classes and groups in the school's own system. We fetch "
            "changes every night."
        ),
    )


def _no_teacher(actor: Actor) -> Emptiness:
    role = in_words(actor.roles & EMPLOYEE_ROLES)
    return Emptiness(
        _("You have no pupils here yet"),
        _("The school's own system has you as %(role)s. Elevadgang is for those who have the role Lærer there.")
        % {"role": role},
        _(
            "Do you teach? Ask the school's office to give you the role Lærer and tie you to your classes. We fetch "
            "changes every night. Do you stand in for a colleague? The colleague can lend you the class under "
            "Substitutes."
        ),
    )


def _ended(actor: Actor) -> Emptiness | None:
    if actor.user is None or actor.user.person_id is None:
        return None
    last = (
        Membership.objects.filter(person=actor.user.person_id, kind=MembershipKind.EMPLOYEE, to_date__isnull=False)
        .select_related("institution")
        .order_by("-to_date", "-pk")
        .first()
    )
    if last is None or last.to_date is None:
        return None
    return Emptiness(
        _("You no longer have pupils here"),
        _("The school's own system says that you left %(institution)s on %(day)s.")
        % {"institution": last.institution.name, "day": day_text(last.to_date)},
        _("If that is wrong, ask the school's office to correct it in its own system. We fetch changes every night."),
    )


def _not_employed() -> Emptiness:
    return Emptiness(
        _("Elevadgang is for employees of schools"),
        _("You are not registered as employed at any school."),
        _(
            "Do you work at a school? Ask its office to register you in the school's own system, with the role Lærer "
            "and your classes. We fetch changes every night."
        ),
    )
