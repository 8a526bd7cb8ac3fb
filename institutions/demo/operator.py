"""Two operators of STIL for the demo country: its administration pages, and cases, which two supporters approve."""

from django.db import transaction

from accounts import audit
from accounts.models import User

USERNAMES = ("stil0001", "stil0002")


@transaction.atomic
def appoint(password: str) -> list[str]:
    """Make those operators that there are not yet, if a password is given; return their user names."""
    if not password:
        return []
    known = set(User.objects.filter(username__in=USERNAMES).values_list("username", flat=True))
    new = [username for username in USERNAMES if username not in known]
    for username in new:
        user = User.objects.create_superuser(username, password)
        audit.record("operator.appointed", user, by=None)
    return new
