"""*Notifikationer*: who is mailed about requests and agreements, after the address itself has said yes (D4.3)."""

from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from institutions.actor import Actor
from institutions.roles import Right
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.mail import send_on_commit

from . import access
from .models import Provider, Scope, Subscription

_SALT = "dataagreements.subscription"
MOST_OF_ONE = 20  # addresses of one CVR number, P-number or supplier


@dataclass(frozen=True)
class About:
    """What somebody may be told of: a scope of a right that they hold, or a supplier that they act for."""

    scope: Scope
    identifier: str = ""
    provider: Provider | None = None

    @property
    def key(self) -> str:
        """Name it in a form."""
        return f"{self.scope}-{self.provider.pk if self.provider else self.identifier}"


def topics_of(actor: Actor) -> list[About]:
    """Return all that the actor may subscribe an address to."""
    rights = {(right.scope, right.identifier) for right in actor.rights if right.right == Right.AGREEMENTS}
    own = [About(Scope(scope), identifier) for scope, identifier in sorted(rights) if identifier]
    return own + [About(Scope.PROVIDER, provider=provider) for provider in access.providers_for(actor)[:50]]


def subscriptions_of(actor: Actor) -> QuerySet[Subscription]:
    """Return the addresses that are told of what the actor may be told of."""
    found = Subscription.objects.none()
    for topic in topics_of(actor):
        found = found | _about(topic)
    return found.select_related("provider")


def _about(topic: About) -> QuerySet[Subscription]:
    return Subscription.objects.filter(scope=topic.scope, identifier=topic.identifier, provider=topic.provider)


@transaction.atomic
def subscribe(email: str, topic: About, *, by: Actor) -> Subscription:
    """Take an address down, and ask it. Again for an address that has not answered, the mail goes out once more."""
    if _about(topic).count() >= MOST_OF_ONE:
        raise DomainError(_("No more addresses can be told of the same. Remove one first."))
    who = by.account
    existing = _about(topic).filter(email__iexact=email).first()
    if existing and existing.confirmed_at:
        raise DomainError(_("The address is subscribed already."))
    try:
        with transaction.atomic():
            row = existing or Subscription.objects.create(
                email=email, scope=topic.scope, identifier=topic.identifier, provider=topic.provider, by=who
            )
    except IntegrityError:
        raise DomainError(_("The address is subscribed already.")) from None
    send_on_commit("agreements_confirm_address", row.email, {"confirm": confirm_path(row), "stop": stop_path(row)})
    audit.record("subscription.asked", row, by=who, role=Right.AGREEMENTS)
    return row


def subscribe_at_admission(provider: Provider, by: User) -> None:
    """Let a new supplier's own address be told: STIL has looked at it, and it can leave by the link in any mail."""
    Subscription.objects.get_or_create(
        email=provider.email,
        scope=Scope.PROVIDER,
        provider=provider,
        defaults={"by": by, "confirmed_at": timezone.now()},
    )


@transaction.atomic
def confirm(row: Subscription) -> bool:
    """The address says yes; return whether that was news."""
    changed = Subscription.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    if changed:
        audit.record("subscription.confirmed", row, by=None)
    return bool(changed)


@transaction.atomic
def remove(row: Subscription, *, by: User | None) -> bool:
    """Stop the mails, by somebody who may see the address or by the link in one; return whether there was any."""
    deleted, _each = Subscription.objects.filter(pk=row.pk).delete()
    if deleted:
        audit.record("subscription.removed", row, by=by, role=Right.AGREEMENTS if by else "")
    return bool(deleted)


def confirm_path(row: Subscription) -> str:
    return reverse("dataagreements:confirm_address", args=[_token(row)])


def stop_path(row: Subscription) -> str:
    """Return the way to a page that stops the mails without a log-in. It never ends: old mails work, too."""
    return reverse("dataagreements:stop_mails", args=[_token(row)])


def _token(row: Subscription) -> str:
    return signing.Signer(salt=_SALT).sign(str(row.pk))


def subscription_of(token: str) -> Subscription | None:
    """Return what the link in a mail is about; None for one that is gone, or that we have not made."""
    try:
        pk = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Subscription.objects.select_related("provider").filter(pk=pk).first()
