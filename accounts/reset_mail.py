"""The mail to parents who want to hear of it whenever somebody else gives their child a new password (D3.4)."""

from collections.abc import Callable

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.mail import send_on_commit

from . import audit
from .models import ContactRelation, Person, User
from .models.user import ActorGroup

LANGUAGE = "da"  # nobody has told us another
_SALT = "accounts.reset_mail.decline"


def _somebody(role: str, institution: str) -> str:
    return _("Somebody at the school")


# "A teacher at Søndre Friskole", of a role and an institution's number, in the language of the moment. This core knows
# no institutions: they put their own words here when they start.
name_helper: Callable[[str, str], str] = _somebody


def name_helpers_by(namer: Callable[[str, str], str]) -> None:
    """Let `namer` say who has helped."""
    global name_helper  # noqa: PLW0603  set once, when the portal starts
    name_helper = namer


@transaction.atomic
def choose(user: User, *, wanted: bool, by: User | None) -> bool:
    """Note whether a parent wants the mails; return whether that was news. Twice is once.

    `by=None`: somebody who came by the link in a mail, and is not logged in.
    """
    locked = User.objects.select_for_update(of=("self",)).select_related("person").get(pk=user.pk)
    if locked.wants_reset_mail == wanted:
        return False
    if wanted and not (locked.person and locked.person.email):
        raise DomainError(_("We do not know your email address yet. Ask the school or day care to add it."))
    locked.wants_reset_mail = wanted
    locked.save(update_fields=["wants_reset_mail"])
    audit.record("mail.chosen" if wanted else "mail.declined", locked, by=by, subject=locked.person)
    return True


def tell_parents(child: Person | None, *, by: User | None, role: str, institution: str) -> None:
    """Mail each parent in custody who asked for it, but not the one who did it: one query, once the change stands.

    `role`, `institution`: in which capacity `by` gave the new password. The mail names no child and no colleague.
    """
    parents = _who_asked(child, by) if child is not None else []
    if not parents:
        return
    with override(LANGUAGE):
        context = {"who": _who(role, institution), "at": timezone.now()}
    for parent in parents:
        assert parent.person is not None  # noqa: S101  found by it
        send_on_commit("child_password", parent.person.email, {**context, "stop": stop_path(parent)}, language=LANGUAGE)


def _who_asked(child: Person, by: User | None) -> list[User]:
    custody = ContactRelation.objects.with_custody().filter(contact=OuterRef("person"), child=child)
    asked = User.objects.filter(Exists(custody), wants_reset_mail=True).exclude(person__email="")
    if by is not None:
        asked = asked.exclude(pk=by.pk)
    return list(asked.select_related("person").order_by("pk"))


def _who(role: str, institution: str) -> str:
    return _("Another parent") if role == ActorGroup.CONTACT else name_helper(role, institution)


def stop_path(user: User) -> str:
    """Return the way to a page that turns the mails off without a log-in. It does nothing else, and never ends:
    whoever finds an old mail is to be able to stop the new ones.
    """
    return reverse("mitunilogin:decline_mail", args=[signing.Signer(salt=_SALT).sign(user.uniid)])


def user_of(token: str) -> User | None:
    """Return whose mails the link in a mail is about; nobody for one that we have not made."""
    try:
        uniid = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return User.objects.filter(uniid=uniid).first()
