"""The identity core's tables."""

from .audit import AuditEvent
from .credential import Credential, FormerSecret, SecretForm
from .helping import ResetWindow, StepUp
from .mitid import MitidRequest, SeenAssertion
from .person import ContactRelation, Person
from .professional import Professional
from .service import ServiceLink
from .session import LoginSession
from .throttle import AddressTries, FailedLogins, KnownBrowser
from .user import User

__all__ = [
    "AddressTries",
    "AuditEvent",
    "ContactRelation",
    "Credential",
    "FailedLogins",
    "FormerSecret",
    "KnownBrowser",
    "LoginSession",
    "MitidRequest",
    "Person",
    "Professional",
    "ResetWindow",
    "SecretForm",
    "SeenAssertion",
    "ServiceLink",
    "StepUp",
    "User",
]
