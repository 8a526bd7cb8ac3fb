"""An account: what a person logs in with, and what services know them by."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unilogin_portal.lib.ids import new_uniid

from ..policy import Band
from ..states import UserState
from .person import Person

models.CharField.register_lookup(Length)


class ActorGroup(models.TextChoices):
    """What services are told about a user's kind (D1.6, D2.3)."""

    EMPLOYEE = "Medarbejder", _("Employee")
    STUDENT = "Elev", _("Pupil")
    EXTERNAL = "Ekstern", _("External")
    CONTACT = "Kontaktperson", _("Contact person")
    NONE = "", _("None")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").lower())

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Make an operator of STIL, who belongs to no institution."""
        user = self.model(username=username, state=UserState.ACTIVE, is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An account. A person has one for life, or none; operators of STIL may have one without being a person here."""

    last_login = None  # the audit knows, and forgets it in time
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user")
    # Unique by constraints below: `unique=True` would make a second index of each on PostgreSQL, for LIKE.
    username = models.CharField(max_length=8)  # D3.1
    uniid = models.CharField(max_length=10, default=new_uniid)  # D2.3
    state = models.CharField(max_length=16, choices=UserState, default=UserState.IMPORTED)
    # Pushed here by the institutions' side, so that a log-in reads one row: which rule the secret follows, what kind
    # of user this is, and whether any institution still has them.
    password_band = models.CharField(max_length=16, choices=Band, default=Band.ADULT)
    # Another rule than the level's, for a pupil who needs it: a teacher or administrator has said so (D3.2).
    designated_band = models.CharField(max_length=16, choices=Band, blank=True)
    # The sixteen pictures always stand in the same order for this pupil.
    keeps_picture_order = models.BooleanField(default=False)
    # This parent wants a mail whenever somebody at the school gives one of their children a new password.
    wants_reset_mail = models.BooleanField(default=False)
    actor_group = models.CharField(max_length=16, choices=ActorGroup, default=ActorGroup.NONE, blank=True)
    is_affiliated = models.BooleanField(default=False)
    # Comes for an organisation with MitID Erhverv, and with a right in each log-in; see `Professional`.
    is_professional = models.BooleanField(default=False)
    # The name of an account that is no person's here: what MitID Erhverv says.
    display_name = models.CharField(max_length=200, blank=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    activated_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="username_once"),
            models.UniqueConstraint(fields=["uniid"], name="uniid_once"),
            models.CheckConstraint(
                condition=Q(username__length=8) | Q(person=None), name="username_has_eight_characters"
            ),
            models.CheckConstraint(condition=Q(uniid__length=10), name="uniid_has_ten_characters"),
            models.CheckConstraint(condition=Q(state__in=UserState.values), name="user_state_is_known"),
            models.CheckConstraint(
                condition=Q(is_professional=False) | Q(person=None), name="a_professional_account_is_no_persons"
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def shown_name(self) -> str:
        """Who the account is to people: a professional is called as MitID Erhverv says, an operator as it logs in."""
        return self.person.name if self.person else self.display_name or self.username

    @property
    def name_at_work(self) -> str:
        """The name that stands beside what somebody did for an organisation; nothing for an operator of STIL."""
        return self.person.name if self.person else self.display_name

    @property
    def greeted_as(self) -> str:
        """What to call the user in a greeting."""
        return self.person.first_name if self.person else self.display_name or self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.state != UserState.BLOCKED

    @property
    def may_come_in(self) -> bool:
        """Whether some institution still has the user. Operators and professionals belong to none."""
        return self.is_affiliated or self.is_staff or self.is_professional

    @property
    def is_activated(self) -> bool:
        return self.state != UserState.IMPORTED

    @property
    def band(self) -> Band:
        """The rule that the next password follows: the designated one goes before the level's, for pupils only.

        Who has become an employee or left school is in the band that the institutions say, whatever was once noted.
        """
        designated = self.designated_band if self.actor_group == ActorGroup.STUDENT else ""
        return Band(designated or self.password_band)

    @property
    def is_only_a_pupil(self) -> bool:
        """Whether others may help with the password: an employee's is made with MitID alone (D3.3), also where some
        school or day care has the employee on a list of pupils, or calls them somebody's child.
        """
        return self.actor_group == ActorGroup.STUDENT and not self.is_staff

    @property
    def has_secret(self) -> bool:
        """Whether a password was ever made: an imported account has none, and none is hashed for it."""
        return bool(self.password) and self.has_usable_password()
