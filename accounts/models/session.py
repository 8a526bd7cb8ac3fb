"""A session that a user can see and end."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class LoginSession(AbstractBaseSession):
    """A browser's session. `session_key` holds a hash of the key in the cookie: a copy of this table opens nothing."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="login_sessions"
    )
    method = models.CharField(max_length=16, blank=True)
    device = models.CharField(max_length=80, blank=True)
    # Keyed hash of the NameID of a MitID log-in, so that its logging out there finds the sessions here.
    mitid_name_hash = models.CharField(max_length=64, blank=True, db_index=True)
    started_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_used_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"

    @classmethod
    def get_session_store_class(cls) -> type:
        from ..sessions import SessionStore  # noqa: PLC0415  (the store needs this model)

        return SessionStore
