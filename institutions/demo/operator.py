"""An operator of STIL for the demo country's administration pages."""

from django.db import transaction

from accounts import audit
from accounts.models import User

USERNAME = "stil0001"


@transaction.atomic
def appoint(password: str) -> bool:
    """Make the operator if a password is given and there is none; return whether one was made."""
    if not password or User.objects.filter(username=USERNAME).exists():
        return False
    user = User.objects.create_superuser(USERNAME, password)
    audit.record("operator.appointed", user, by=None)
    return True
