"""Roles and rights: the names that gates ask for. Roles come from memberships, rights from a MitID Erhverv log-in."""

import enum
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Role(enum.StrEnum):
    """Roles as delivered (D1.6), and the two kinds of everybody else."""

    CHILD = "Barn"
    PUPIL = "Elev"
    STUDENT = "Studerende"
    TEACHER = "Lærer"
    PEDAGOGUE = "Pædagog"
    SUBSTITUTE = "Vikar"
    LEADER = "Leder"
    MANAGEMENT = "Ledelse"
    SUPPORT_STAFF = "TAP"
    CONSULTANT = "Konsulent"
    TRAINEE = "Praktikant"
    EXTERNAL = "Ekstern"
    CONTACT = "Kontaktperson"
    OPERATOR = "STIL"


STUDENT_ROLES = frozenset({Role.CHILD, Role.PUPIL, Role.STUDENT})
EMPLOYEE_ROLES = frozenset(
    {Role.TEACHER, Role.PEDAGOGUE, Role.SUBSTITUTE, Role.LEADER, Role.MANAGEMENT, Role.SUPPORT_STAFF, Role.CONSULTANT}
)
# Who leads an institution, and so administers its users.
LEADER_ROLES = frozenset({Role.LEADER, Role.MANAGEMENT})
EXTERNAL_ROLES = frozenset({Role.TRAINEE, Role.EXTERNAL})


class Right(enum.StrEnum):
    """Rights assigned in NemLog-in's user administration, by the names under which they come in the BPP (D4.6)."""

    AGREEMENTS = "urn:dk:unilogin:tilslutning:administrer"
    PUPIL_ACCESS = "urn:dk:unilogin:elevadgang:brugeradministrator"
    USER_OVERVIEW = "urn:dk:unilogin:brugeroversigt:laes"
    USER_ADMINISTRATION = "urn:dk:unilogin:brugeradministration:administrer"
    LANGUAGE_MUNICIPAL = "urn:dk:unilogin:sprogvurdering:kommunal"


LABELS: dict[Role, Promise] = {
    Role.CHILD: _("Child"),
    Role.PUPIL: _("Pupil"),
    Role.STUDENT: _("Student"),
    Role.TEACHER: _("Teacher"),
    Role.PEDAGOGUE: _("Pedagogue"),
    Role.SUBSTITUTE: _("Substitute"),
    Role.LEADER: _("Leader"),
    Role.MANAGEMENT: _("Management"),
    Role.SUPPORT_STAFF: _("Technical and administrative staff"),
    Role.CONSULTANT: _("Consultant"),
    Role.TRAINEE: _("Trainee"),
    Role.EXTERNAL: _("External"),
    Role.CONTACT: _("Contact person"),
    Role.OPERATOR: _("STIL, the agency"),
}
# As what somebody acts whose right came with the log-in.
RIGHT_LABELS: dict[str, Promise] = {
    Right.PUPIL_ACCESS: _("User administrator"),
    Right.USER_ADMINISTRATION: _("User administrator"),
}
# Who helped a pupil, as a mail to the parents begins.
_HELPERS: dict[str, Promise] = {
    Role.TEACHER: _("A teacher at %(institution)s"),
    Role.SUBSTITUTE: _("A substitute at %(institution)s"),
    Right.PUPIL_ACCESS: _("A user administrator at %(institution)s"),
}


def labels(roles: Iterable[str]) -> str:
    """Return the roles in words for a page: "Teacher, Leader"."""
    return ", ".join(label(role) for role in roles)


def label(role: str) -> str:
    """Return a role, or a right that somebody acts by, in words; what is neither, as it is."""
    return str(LABELS[Role(role)]) if role in list(Role) else str(RIGHT_LABELS.get(role, "")) or role


def helper_at(role: str, institution: str) -> str:
    """Return who helped a pupil without saying a name: "A teacher at Søndre Friskole"."""
    words = _HELPERS.get(role) or gettext("An employee at %(institution)s")
    return str(words) % {"institution": institution}


def in_words(roles: Iterable[str]) -> str:
    """Return the roles as a person would say them after a name: "teacher and contact person"; rights are left out."""
    known = [role for role in LABELS if role in set(roles)]
    words = [str(LABELS[role]) if role is Role.OPERATOR else str(LABELS[role]).lower() for role in known]
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
