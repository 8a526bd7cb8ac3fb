"""The token endpoint's rules as the library asks for them (RFC 6749, section 4.4): one grant, and nobody's consent."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from oauthlib.common import Request
from oauthlib.oauth2 import BackendApplicationServer, RequestValidator

from .. import clients

GRANT = "client_credentials"


class Validator(RequestValidator):
    """Who may have a token, and for what. The library calls these with more than they need."""

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Whether id and secret are right, by HTTP Basic or in the form."""
        client_id, secret = _basic(request.headers) or (request.client_id or "", request.client_secret or "")
        request.client = clients.client_of(client_id, secret) if client_id and secret else None
        return request.client is not None

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type == GRANT

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        """Return what a token is for that nothing was said of: all that the system may use now."""
        return clients.scopes_for(request.client.system)

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return bool(scopes) and clients.held_by(clients.scopes_for(client.system)).issuperset(scopes)

    def save_bearer_token(self, token: Mapping[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        clients.keep_token(request.client, token["access_token"], request.scopes)


def server() -> BackendApplicationServer:
    """Return what answers at the token endpoint."""
    return BackendApplicationServer(
        Validator(),
        token_expires_in=int(clients.TOKEN_LIFE.total_seconds()),
        token_generator=lambda _request: secrets.token_urlsafe(32),
    )


def _basic(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Return id and secret from HTTP Basic, where it was used: each form-encoded, RFC 6749 section 2.3.1."""
    kind, _space, encoded = headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (unquote_plus(client_id), unquote_plus(secret)) if colon else ("", "")
