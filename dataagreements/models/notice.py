"""Who wants mails about requests and agreements."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .provider import Provider


class Scope(models.TextChoices):
    """What a subscription is about: as a right holds on a CVR number or a P-number, or a supplier's own."""

    CVR = "cvr", _("All units of a CVR number")
    P = "p", _("One P-number")
    PROVIDER = "provider", _("A supplier")


class Subscription(models.Model):
    """*Tilmeld email*: one address and what it is told of. It counts once the address has confirmed it."""

    email = models.EmailField(max_length=254)
    scope = models.CharField(max_length=16, choices=Scope)
    identifier = models.CharField(max_length=10, blank=True)  # the CVR number or P-number
    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)  # of requests that are older than a fortnight

    class Meta:
        ordering = ["email", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "scope", "identifier", condition=Q(provider=None), name="an_address_subscribes_once"
            ),
            models.UniqueConstraint(
                Lower("email"),
                "provider",
                condition=Q(provider__isnull=False),
                name="an_address_subscribes_once_a_provider",
            ),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="subscription_scope_is_known"),
            models.CheckConstraint(
                condition=Q(scope=Scope.PROVIDER, provider__isnull=False, identifier="")
                | (Q(scope__in=(Scope.CVR, Scope.P), provider=None) & ~Q(identifier="")),
                name="a_subscription_is_about_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.identifier or self.provider_id}"
