"""Who MitID says is there."""

import datetime as dt
import enum
import json
from dataclasses import asdict, dataclass
from typing import Any

from unilogin_portal.lib.gate import LevelOfAssurance

from ..privileges import Constraint, PrivilegeGroup, Scope, session_rights


class IdentityKind(enum.StrEnum):
    """Whether someone came as themselves (private MitID) or for an organisation (MitID Erhverv)."""

    PERSON = "person"
    PROFESSIONAL = "professional"


@dataclass(frozen=True)
class Identity:
    """A verified answer from the identity provider (D8.1). What was not sent is the empty string.

    `cpr` ten digits; `cvr` eight and `p_number` ten, only for a professional; `name_id` the URI that stays the same
    for this person at this service; `uuid` its UUID; `pid` and `professional_uuid` the ids that other services know.
    """

    kind: IdentityKind
    name_id: str
    uuid: str
    loa: LevelOfAssurance
    issuer: str
    assertion_id: str
    not_on_or_after: dt.datetime
    session_index: str = ""
    cpr: str = ""
    pid: str = ""
    professional_uuid: str = ""
    full_name: str = ""
    cvr: str = ""
    p_number: str = ""
    org_name: str = ""
    privileges: tuple[PrivilegeGroup, ...] = ()

    def granted_rights(self) -> list[tuple[str, str, str]]:
        """Return (right, "cvr" or "p", identifier) for each right that came along without a constraint (D8.4)."""
        return session_rights(self.privileges)

    def __repr__(self) -> str:
        # Names and numbers of people must not reach a log by way of a traceback.
        return f"Identity(kind={self.kind}, loa={self.loa.name})"


def dumped(identity: Identity) -> str:
    """Write an identity as JSON, for the moment it lies encrypted between two requests."""
    return json.dumps({**asdict(identity), "not_on_or_after": identity.not_on_or_after.isoformat()})


def loaded(text: str) -> Identity:
    """Read what `dumped` wrote."""
    data: dict[str, Any] = json.loads(text)
    return Identity(
        **{
            **data,
            "kind": IdentityKind(data["kind"]),
            "loa": LevelOfAssurance(data["loa"]),
            "not_on_or_after": dt.datetime.fromisoformat(data["not_on_or_after"]),
            "privileges": tuple(_group(group) for group in data["privileges"]),
        }
    )


def _group(data: dict[str, Any]) -> PrivilegeGroup:
    return PrivilegeGroup(
        Scope(data["scope"]),
        data["identifier"],
        tuple(data["privileges"]),
        tuple(Constraint(**constraint) for constraint in data["constraints"]),
    )
