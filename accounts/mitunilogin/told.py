"""What people are told of themselves and of their children: a table of the audit's actions."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..services import Why


class Kind(TextChoices):
    """What the list can be narrowed to. The values stand in the address."""

    LOGINS = "login", _("Logins and blocks")
    PASSWORDS = "adgangskoder", _("Passwords")
    APPROVALS = "godkendelser", _("Approvals")
    LOOKUPS = "opslag", _("Lookups")


@dataclass(frozen=True)
class Told:
    kind: Kind
    words: Promise
    parents: bool = True


def _own(kind: Kind, words: Promise) -> Told:
    """What is told to the person alone: a child's log-ins are the child's own matter."""
    return Told(kind, words, parents=False)


ABOUT_SELF: dict[str, Told] = {
    "login.admitted": _own(Kind.LOGINS, _("Login")),
    "login.refused": _own(Kind.LOGINS, _("Login with a wrong password")),
    "login.paused": Told(Kind.LOGINS, _("Too many wrong passwords: login paused")),
    "login.pause_cleared": Told(Kind.LOGINS, _("A pause after wrong passwords was ended")),
    "session.ended": _own(Kind.LOGINS, _("Logged out on a device")),
    "session.others_ended": _own(Kind.LOGINS, _("Logged out on all other devices")),
    "user.activated": Told(Kind.LOGINS, _("The account was activated")),
    "user.block": Told(Kind.LOGINS, _("The account was blocked")),
    "user.unblock": Told(Kind.LOGINS, _("The account was opened again")),
    "window.opened": Told(Kind.PASSWORDS, _("It was made possible to create a new password")),
    "window.mischosen": Told(Kind.PASSWORDS, _("A wrong picture was chosen: no new password")),
    "window.withdrawn": Told(Kind.PASSWORDS, _("The way to a new password was closed")),
    "window.expired": Told(Kind.PASSWORDS, _("The time for a new password ran out")),
    "password.set": Told(Kind.PASSWORDS, _("A new password was created")),
    "password.put_off": _own(Kind.PASSWORDS, _("Changing the password was put off")),
    "password.refused": Told(Kind.PASSWORDS, _("Someone without permission tried to create a new password")),
    "case.open": _own(Kind.PASSWORDS, _("STIL was asked for a letter with your login")),
    "case.send": _own(Kind.PASSWORDS, _("A letter with your login was sent to the institution")),
    "user.band_designated": Told(Kind.PASSWORDS, _("The kind of password was changed")),
    "user.picture_order_set": Told(Kind.PASSWORDS, _("The order of the pictures was changed")),
    "mail.chosen": _own(Kind.PASSWORDS, _("Email at new passwords was chosen")),
    "mail.declined": _own(Kind.PASSWORDS, _("Email at new passwords was stopped")),
    "step_up.approved": Told(Kind.APPROVALS, _("An adult approved")),
    "step_up.refused": Told(Kind.APPROVALS, _("An adult refused")),
    "step_up.ended": Told(Kind.APPROVALS, _("An approval was ended early")),
    "step_up.parent_refused": Told(Kind.APPROVALS, _("Someone without permission tried to approve")),
    "substitute.given": _own(Kind.APPROVALS, _("A class was lent to you")),
    "substitute.ended": _own(Kind.APPROVALS, _("A class that was lent to you was taken back")),
    "username.shown": Told(Kind.LOOKUPS, _("The user name was shown")),
    "person.viewed": Told(Kind.LOOKUPS, _("Protected data were seen")),
    "case.seen": _own(Kind.LOOKUPS, _("The case about your login was seen")),
    "list.printed": Told(Kind.LOOKUPS, _("The user name was printed on a class list")),
}
ABOUT_CHILD = frozenset(action for action, told in ABOUT_SELF.items() if told.parents)
# A new password in other words, where somebody else gave it.
GIVEN_BY: dict[Why, Promise] = {
    Why.HELPED: _("A new password was created with help from the school"),
    Why.CHILD: _("A new password was created with help from a parent"),
    Why.LETTER: _("A new password was created for a letter"),
}
# What happens when a time is over, or a letter's turn has come: nobody does it.
BY_ITSELF = frozenset({"window.expired", "step_up.ended", "case.send"})
# Which detail holds the service that somebody approved or refused.
SERVICE_OF = "service"
