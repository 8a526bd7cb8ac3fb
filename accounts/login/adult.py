"""What the pupil's browser is told of a parent's answer by MitID: kept in the session, which stays the pupil's."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

ANSWER_KEY = "adults_answer"
# How to log off the parent at MitID: not where a session keeps its own, because this one is nobody's but the pupil's.
MITID_KEY = "adults_mitid"


class ParentsAnswer(StrEnum):
    APPROVED = "approved"
    NO_CUSTODY = "no_custody"
    NOBODY_WAITS = "nobody_waits"


@dataclass(frozen=True)
class Told:
    """What came of it, and at which service (a slug, or nothing where none was named)."""

    answer: ParentsAnswer
    service: str


def tell(session: SessionBase, told: Told) -> None:
    session[ANSWER_KEY] = asdict(told)


def told_in(session: SessionBase) -> Told | None:
    data: dict[str, Any] | None = session.get(ANSWER_KEY)
    return Told(ParentsAnswer(data["answer"]), data["service"]) if data else None
