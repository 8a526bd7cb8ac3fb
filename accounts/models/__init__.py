"""The identity core's tables."""

from .audit import AuditEvent
from .credential import Credential, FormerSecret
from .mitid import MitidRequest, SeenAssertion
from .person import ContactRelation, Person
from .service import ServiceLink
from .session import LoginSession
from .throttle import FailedLogins
from .user import User

__all__ = [
    "AuditEvent",
    "ContactRelation",
    "Credential",
    "FailedLogins",
    "FormerSecret",
    "LoginSession",
    "MitidRequest",
    "Person",
    "SeenAssertion",
    "ServiceLink",
    "User",
]
