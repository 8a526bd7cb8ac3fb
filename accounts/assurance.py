"""How sure the portal is of who is there, as it says so to one service: `unilogin_loa` and `acr` (D2.3).

A level belongs to a session and a service: an adult's word for one service says nothing at another.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.sessions.backends.base import SessionBase

from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

from . import sessions, step_ups
from .models import ServiceLink, User
from .models.user import ActorGroup

ACR = "dk:unilogin:loa:"


class UniloginLoa(StrEnum):
    """The values of `unilogin_loa`."""

    ONE_FACTOR = "EnFaktor"
    TWO_FACTORS = "ToFaktor"
    ADULT_VERIFIED = "VoksenVerificeret"


@dataclass(frozen=True)
class Assurance:
    """The level at one service; where it rests on an adult's word, `until` when."""

    level: UniloginLoa
    until: datetime | None = None

    @property
    def acr(self) -> str:
        return f"{ACR}{self.level}"


def level_of(loa: int, *, has_adults_word: bool) -> UniloginLoa:
    """Return the level: MitID in this very session says more than an adult's word, and that more than a password."""
    if loa >= LevelOfAssurance.SUBSTANTIAL:
        return UniloginLoa.TWO_FACTORS
    return UniloginLoa.ADULT_VERIFIED if has_adults_word else UniloginLoa.ONE_FACTOR


def at_service(user: User, session: SessionBase, service: ServiceLink) -> Assurance:
    """Return the level of this session at this service: one query at most."""
    loa = session.get(LOA_SESSION_KEY, 0)
    if loa >= LevelOfAssurance.SUBSTANTIAL:
        return Assurance(level_of(loa, has_adults_word=False))
    word = step_ups.granted(user, service, login_id=session.get(sessions.LOGIN_ID_KEY, ""))
    return Assurance(level_of(loa, has_adults_word=word is not None), until=word.expires_at if word else None)


def needs_an_adult(user: User, session: SessionBase, service: ServiceLink) -> bool:
    """Whether an adult has to say yes first: a pupil, by a password alone, where the service asks for it."""
    if not service.asks_for_an_adult or user.actor_group != ActorGroup.STUDENT:
        return False
    return at_service(user, session, service).level is UniloginLoa.ONE_FACTOR


def login_id_of(session: SessionBase) -> str:
    """Return the log-in's own name; a session that began before log-ins had names gets its name now."""
    if not session.get(sessions.LOGIN_ID_KEY):
        session[sessions.LOGIN_ID_KEY] = secrets.token_hex(16)
    return str(session[sessions.LOGIN_ID_KEY])
