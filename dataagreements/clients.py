"""The access of suppliers' systems: making and revoking it, tokens for it, and who comes with one (RFC 6749, 6750).

A secret has 256 random bits, so a fast hash is enough, keyed so that the table alone tries out nothing. It is shown
once, when it is made. A system may have two at a time, to change from one to the other without a night lost.
"""

import datetime as dt
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from institutions.actor import Actor
from institutions.roles import Right, Role
from unilogin_portal.lib import crypto
from unilogin_portal.lib.errors import DomainError

from .models import AccessToken, Client, Connection, System, WebService
from .states import ConnectionState, SystemState

MOST_CLIENTS = 2
TOKEN_LIFE = dt.timedelta(hours=1)
_USED = dt.timedelta(hours=1)  # how exactly it is kept when a secret was last used
_SECRET, _TOKEN = "client.secret", "access_token"

# What a token may be for, and the web service that its system must be let use (D4.5). The three of OneRoster are its
# specification's own; the widest of them holds the other two.
IMPORT, EXPORT = "import", "eksport"
_ONEROSTER = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
ROSTER, ROSTER_CORE, ROSTER_DEMOGRAPHICS = (
    f"{_ONEROSTER}{name}.readonly" for name in ("roster", "roster-core", "roster-demographics")
)
IMPLIED: dict[str, frozenset[str]] = {ROSTER: frozenset({ROSTER_CORE, ROSTER_DEMOGRAPHICS})}
SERVICE_OF: dict[str, WebService] = {
    IMPORT: WebService.IMPORT,
    EXPORT: WebService.EXPORT,
    ROSTER: WebService.EXPORT,
    ROSTER_CORE: WebService.EXPORT,
    ROSTER_DEMOGRAPHICS: WebService.EXPORT,
}


@dataclass(frozen=True)
class Made:
    """A new access. `secret` is told here and never again."""

    client: Client
    secret: str


@dataclass(frozen=True)
class Caller:
    """A system that came with a token that counts, and what it is for."""

    system: System
    client: Client
    scopes: frozenset[str]


@transaction.atomic
def make_client(system: System, form_key: str, *, by: Actor) -> Made | None:
    """Make an access; None where this very form has made one already: its secret was shown, and is gone.

    Raises `DomainError` where the system has two that work.
    """
    System.objects.select_for_update().get(pk=system.pk)
    if Client.objects.filter(form_key=form_key).exists():
        return None
    if system.clients.working().count() >= MOST_CLIENTS:
        raise DomainError(_("The system has two that work already. Revoke the one that it no longer uses first."))
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            client = Client.objects.create(
                system=system,
                client_id=secrets.token_hex(10),
                secret_hash=crypto.fingerprint(secret, _SECRET),
                form_key=form_key,
                made_by=by.account,
            )
    except IntegrityError:
        return None
    audit.record("client.made", client, by=by.account, role=Right.AGREEMENTS, client=client.client_id)
    return Made(client, secret)


@transaction.atomic
def revoke_client(client: Client, *, by: Actor) -> bool:
    """Let an access work no more, nor any token of it, from now on; False where that was so before."""
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if locked.revoked_at is not None:
        return False
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    locked.tokens.all().delete()
    role = Role.OPERATOR if Role.OPERATOR in by.roles else Right.AGREEMENTS
    audit.record("client.revoked", locked, by=by.account, role=role, client=locked.client_id)
    return True


def client_of(client_id: str, secret: str) -> Client | None:
    """Return the client whose id and secret these are, or None. Its system may be passive: that is judged later."""
    rows = Client.objects.working().select_related("system")
    client = rows.filter(client_id=client_id).first() if client_id.isalnum() else None  # no database looks for a NUL
    # Hashed also for an id that there is not: nobody learns from the time which ids there are.
    hashes = crypto.fingerprints(secret, _SECRET)
    if client is None or not any(hmac.compare_digest(one, client.secret_hash) for one in hashes):
        return None
    now = timezone.now()
    if client.secret_hash != hashes[0]:  # hashed under an earlier key
        Client.objects.filter(pk=client.pk).update(secret_hash=hashes[0])
    if client.last_used_at is None or client.last_used_at < now - _USED:
        Client.objects.filter(pk=client.pk).update(last_used_at=now)
    return client


def scopes_for(system: System) -> list[str]:
    """Return what tokens of this system may be for now: what STIL lets it use, and nothing while it is passive."""
    if system.state != SystemState.ACTIVE:
        return []
    valid = Connection.objects.filter(system=system, state=ConnectionState.VALID)
    services = set(valid.values_list("service", flat=True))
    return [scope for scope, service in SERVICE_OF.items() if service in services]


def held_by(scopes: Iterable[str]) -> frozenset[str]:
    """Return what a token for these scopes may be used for: these, and what they imply."""
    return frozenset().union(*({scope} | IMPLIED.get(scope, frozenset()) for scope in scopes))


def keep_token(client: Client, token: str, scopes: list[str]) -> AccessToken:
    now = timezone.now()
    return AccessToken.objects.create(
        client=client,
        token_hash=crypto.fingerprint(token, _TOKEN),
        scopes=scopes,
        made_at=now,
        expires_at=now + TOKEN_LIFE,
    )


def token_of(token: str) -> AccessToken | None:
    """Return what is kept of a token, expired or not, or None for one that was never given out, or revoked."""
    rows = AccessToken.objects.select_related("client__system__provider")
    return rows.filter(token_hash__in=crypto.fingerprints(token, _TOKEN), client__revoked_at=None).first()


def forget_tokens(now: dt.datetime) -> int:
    """Delete tokens a week after their end: until then it is told who came with an old one. Return how many."""
    return AccessToken.objects.filter(expires_at__lt=now - dt.timedelta(days=7)).delete()[0]
