"""Registers, memberships and import runs."""

from .imports import ImportIssue, ImportRun, ImportSeries, RunState
from .membership import Group, GroupType, Membership, MembershipGroup, MembershipKind
from .register import Institution, InstitutionKind, InstitutionLevel, Municipality, Ownership, Register, RegisterRun

__all__ = [
    "Group",
    "GroupType",
    "ImportIssue",
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
    "RunState",
]
