"""Registers, memberships and import runs."""

from .cases import Case, CaseApproval, CaseCounter, CaseEvent, CaseKind, ContactRequest, Wanted
from .imports import (
    Brake,
    BrakeLimit,
    ChangeKind,
    DecisionKind,
    ImportChange,
    ImportDecision,
    ImportDelivery,
    ImportIssue,
    ImportJournal,
    ImportRun,
    ImportSeries,
    RunMode,
    RunState,
)
from .membership import Group, GroupType, Membership, MembershipGroup, MembershipKind
from .register import Institution, InstitutionKind, InstitutionLevel, Municipality, Ownership, Register, RegisterRun
from .substitute import SubstituteAccess

__all__ = [
    "Brake",
    "BrakeLimit",
    "Case",
    "CaseApproval",
    "CaseCounter",
    "CaseEvent",
    "CaseKind",
    "ChangeKind",
    "ContactRequest",
    "DecisionKind",
    "Group",
    "GroupType",
    "ImportChange",
    "ImportDecision",
    "ImportDelivery",
    "ImportIssue",
    "ImportJournal",
    "ImportRun",
    "ImportSeries",
    "Institution",
    "InstitutionKind",
    "InstitutionLevel",
    "Membership",
    "MembershipGroup",
    "MembershipKind",
    "Municipality",
    "Ownership",
    "Register",
    "RegisterRun",
    "RunMode",
    "RunState",
    "SubstituteAccess",
    "Wanted",
]
