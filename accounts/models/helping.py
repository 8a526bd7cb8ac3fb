"""What an adult opens for a pupil: a window in which a new password can be made, and a step-up at a service (D3.5)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..states import StepUpState, WindowState
from .service import ServiceLink

LIVE_WINDOWS = (WindowState.OPEN, WindowState.CHOSEN)
LIVE_STEP_UPS = (StepUpState.WAITING, StepUpState.APPROVED)
# What an adult has said something to, whatever has become of it since.
ANSWERED_STEP_UPS = (StepUpState.APPROVED, StepUpState.REFUSED, StepUpState.ENDED)


class ResetWindowQuerySet(models.QuerySet["ResetWindow"]):
    def live(self, now: dt.datetime) -> "ResetWindowQuerySet":
        """Those that a password can still come of."""
        return self.filter(state__in=LIVE_WINDOWS, expires_at__gt=now)

    def overdue(self, now: dt.datetime) -> "ResetWindowQuerySet":
        """Those whose time is over, and nobody has written it down yet."""
        return self.filter(state__in=LIVE_WINDOWS, expires_at__lte=now)


class ResetWindow(models.Model):
    """Minutes in which one pupil can make a new password, who has chosen `animal` among the nine of `shown`.

    Opening changes nothing about the present password. Whoever reads this table can reset nobody: that takes the
    pupil's browser to be at the page while the window is open, and one choice.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reset_windows")
    state = models.CharField(max_length=16, choices=WindowState, default=WindowState.OPEN)
    animal = models.CharField(max_length=16)
    shown = models.JSONField(default=list)  # nine ids, in the order of the pupil's screen: the same at every reload
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opened_windows")
    role = models.CharField(max_length=64)  # in which role, and at which institution (number) it was opened
    institution = models.CharField(max_length=6)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ResetWindowQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["opened_by", "-opened_at"], name="windows_by_opener")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=LIVE_WINDOWS), name="one_open_window_a_pupil"
            ),
            models.CheckConstraint(condition=Q(state__in=WindowState.values), name="window_state_is_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=LIVE_WINDOWS)
                | (Q(ended_at__isnull=False) & ~Q(state__in=LIVE_WINDOWS)),
                name="a_window_that_is_over_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"

    def state_at(self, now: dt.datetime) -> WindowState:
        """Return the state, with the end of its time counted before anybody has written it down."""
        state = WindowState(self.state)
        return WindowState.EXPIRED if state in LIVE_WINDOWS and self.expires_at <= now else state

    @property
    def is_live(self) -> bool:
        return self.state_at(timezone.now()) in LIVE_WINDOWS


class StepUpQuerySet(models.QuerySet["StepUp"]):
    def waiting(self, now: dt.datetime) -> "StepUpQuerySet":
        return self.filter(state=StepUpState.WAITING, expires_at__gt=now)

    def granted(self, now: dt.datetime) -> "StepUpQuerySet":
        return self.filter(state=StepUpState.APPROVED, expires_at__gt=now)

    def overdue(self, now: dt.datetime) -> "StepUpQuerySet":
        return self.filter(state__in=LIVE_STEP_UPS, expires_at__lte=now)


class StepUp(models.Model):
    """A pupil's question for an adult's word at one service, in one login (`login_id`), and what became of it.

    `expires_at` is the end of the waiting, and once approved the end of the approval.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="step_ups")
    service = models.ForeignKey(ServiceLink, on_delete=models.CASCADE, related_name="step_ups")
    login_id = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=StepUpState, default=StepUpState.WAITING)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="answered_step_ups"
    )
    answered_role = models.CharField(max_length=64, blank=True)
    answered_institution = models.CharField(max_length=6, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = StepUpQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["user", "state"], name="step_ups_of_a_pupil")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "service", "login_id"],
                condition=Q(state__in=[StepUpState.WAITING, StepUpState.APPROVED]),
                name="one_step_up_a_service_and_login",
            ),
            models.CheckConstraint(condition=Q(state__in=StepUpState.values), name="step_up_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[StepUpState.APPROVED, StepUpState.REFUSED])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an_answer_says_whose_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.service_id}: {self.state}"

    def state_at(self, now: dt.datetime) -> StepUpState:
        """Return the state, with the end of its time counted before anybody has written it down."""
        state = StepUpState(self.state)
        return StepUpState.EXPIRED if state in LIVE_STEP_UPS and self.expires_at <= now else state
