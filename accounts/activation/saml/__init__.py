"""The SAML service provider (OIOSAML 3, D8): the only place that knows python3-saml and xmlsec.

Outside it an answer from MitID is an `Identity`, and a message that fails a check is a `SamlRefused`.
"""

from ..refusals import LevelTooLow, Reason, SamlRefused
from .identity import Identity, IdentityKind, dumped, loaded
from .logout import LogoutRequest, read_posted, read_redirected
from .messages import authn_request, logout_request, logout_response
from .metadata import metadata
from .response import answered_request, read_response
from .xml import new_id

__all__ = [
    "Identity",
    "IdentityKind",
    "LevelTooLow",
    "LogoutRequest",
    "Reason",
    "SamlRefused",
    "answered_request",
    "authn_request",
    "dumped",
    "loaded",
    "logout_request",
    "logout_response",
    "metadata",
    "new_id",
    "read_posted",
    "read_redirected",
    "read_response",
]
