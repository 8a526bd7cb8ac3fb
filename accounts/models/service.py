"""Services that users reach from Mit Unilogin."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .user import ActorGroup


def known_groups(value: object) -> None:
    """Refuse an audience that is not a list of `ActorGroup` values."""
    if not isinstance(value, list) or not set(map(str, value)) <= set(ActorGroup.values):
        raise ValidationError(_("Write a list of: %(groups)s") % {"groups": ", ".join(filter(None, ActorGroup.values))})


class ServiceLinkQuerySet(models.QuerySet["ServiceLink"]):
    def offered(self) -> "ServiceLinkQuerySet":
        return self.filter(is_offered=True)


class ServiceLink(models.Model):
    """A service and for whom it is: the kinds of user (`ActorGroup` values) that it lets in."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    description_da = models.CharField(max_length=120)
    description_en = models.CharField(max_length=120)
    url = models.CharField(max_length=300, validators=[RegexValidator(r"^(https://|/)[^\s]+$")])
    # Why pupils need an adult's word here (D3.5), after "The service asks for an adult, because": nothing for none.
    step_up_reason_da = models.CharField(max_length=120, blank=True)
    step_up_reason_en = models.CharField(max_length=120, blank=True)
    audience = models.JSONField(default=list, validators=[known_groups])
    position = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField(default=True)

    objects = ServiceLinkQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def description(self) -> str:
        return self.description_en if get_language() == "en" else self.description_da

    @property
    def asks_for_an_adult(self) -> bool:
        return bool(self.step_up_reason_da)

    @property
    def step_up_reason(self) -> str:
        """Why an adult is asked for, as the end of a sentence: "because the answers are kept"."""
        return (get_language() == "en" and self.step_up_reason_en) or self.step_up_reason_da

    def is_for(self, actor_group: str) -> bool:
        return actor_group in self.audience
