"""To whom a request goes, and whose right answers it (D4.2): tables, read by pure functions.

A right from MitID Erhverv holds on all units of a CVR number, or on one P-number (D8.4). What goes to a municipality is
answered by whoever has the right on its CVR number, under which its day care stands; a right on the unit's P-number
sees it, and answers nothing.
"""

import enum

from institutions.models import InstitutionKind, Ownership


class Recipient(enum.StrEnum):
    MUNICIPALITY = "municipality"
    INSTITUTION = "institution"


RECIPIENTS: dict[tuple[InstitutionKind, Ownership | None], Recipient] = {
    (InstitutionKind.SCHOOL, None): Recipient.INSTITUTION,
    (InstitutionKind.SCHOOL, Ownership.MUNICIPAL): Recipient.INSTITUTION,
    (InstitutionKind.SCHOOL, Ownership.SELF_OWNED): Recipient.INSTITUTION,
    (InstitutionKind.SCHOOL, Ownership.PRIVATE): Recipient.INSTITUTION,
    (InstitutionKind.SCHOOL, Ownership.OUTSOURCED): Recipient.INSTITUTION,
    # Whose ownership the register does not tell is taken for the municipality's: nobody answers who should not.
    (InstitutionKind.DAY_CARE, None): Recipient.MUNICIPALITY,
    (InstitutionKind.DAY_CARE, Ownership.MUNICIPAL): Recipient.MUNICIPALITY,
    (InstitutionKind.DAY_CARE, Ownership.SELF_OWNED): Recipient.INSTITUTION,
    (InstitutionKind.DAY_CARE, Ownership.PRIVATE): Recipient.INSTITUTION,
    # Run by another under a contract with the municipality: who runs it has the CVR number, and the data.
    (InstitutionKind.DAY_CARE, Ownership.OUTSOURCED): Recipient.INSTITUTION,
}
# The scopes of a right, "cvr" and "p", that answer what goes to a recipient.
SCOPES: dict[Recipient, frozenset[str]] = {
    Recipient.MUNICIPALITY: frozenset({"cvr"}),
    Recipient.INSTITUTION: frozenset({"cvr", "p"}),
}


def recipient_of(kind: str, ownership: int | None) -> Recipient:
    """Return to whom requests for data on an institution of this kind and ownership go."""
    known = Ownership(ownership) if ownership in Ownership.values else None
    return RECIPIENTS[InstitutionKind(kind), known]


def answers(scope: str, kind: str, ownership: int | None) -> bool:
    """Whether a right that covers the institution by this scope may answer for it."""
    return scope in SCOPES[recipient_of(kind, ownership)]
