"""Making a new password: draw one, keep it or write another, repeat it."""

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.translation import gettext as _

from unilogin_portal.lib.errors import DomainError

from .. import access, policy, reset_windows, services
from ..models import SecretForm, User
from . import flow, grid
from .services import Outcome, admit, standing_of


def user_of(making: flow.Making) -> User:
    """Return whose password is made."""
    return User.objects.select_related("person").get(pk=making.user_id)


def draw(request: HttpRequest, making: flow.Making) -> str:
    """Draw an assigned password, keep its hash in the session, and return it to be shown this once."""
    user = user_of(making)
    rule = policy.policy_of(user.band)
    in_pictures = rule.form is policy.Form.PICTURES
    while True:
        secret = policy.assigned_secret(rule)
        if in_pictures or not policy.violations(secret, rule, services.names_of(user)):
            break
    grid.forget(request.session)
    flow.remember_making(request.session, making.showing(services.hash_of(secret), in_pictures=in_pictures))
    return secret


def finish(request: HttpRequest, making: flow.Making, hashed: str) -> User:
    """Save the new password; the user is logged in with it, a parent's child is not. Raises `DomainError`."""
    helper, owner = User.objects.select_related("person").get(pk=making.by_id), user_of(making)
    if making.for_child and not access.has_custody(helper.person, owner.person):
        raise DomainError(_("You no longer have custody of the child. Nothing was saved."))
    form = SecretForm.PICTURES if making.in_pictures and hashed == making.candidate else SecretForm.WORDS
    if making.window:
        user = reset_windows.use(making.window, hashed, expected_mark=making.mark, form=form)
    else:
        user = services.set_secret(owner, hashed, expected_mark=making.mark, by=helper, why=making.why, form=form)
    flow.forget(request.session)
    if not making.for_child and standing_of(user) is Outcome.ADMITTED:
        admit(request, user)
    elif request.user.pk == user.pk:
        logout(request)  # this was one of the user's sessions, which the new password ended
    return user
