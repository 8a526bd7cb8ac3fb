"""How a session finds its user. Who may log in is decided by `login.services`, not here."""

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from .models import User


class UniloginBackend(ModelBackend):
    """Django's, without a password door: the only one is the login flow, which also throttles and audits."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:  # type: ignore[override]
        return None

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) and user.may_come_in else None
