"""Children who wait now for an adult's word, as a parent sees them on Mit Unilogin (D3.5)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from unilogin_portal.lib.dates import clock_text

from .. import access, step_ups
from ..models import StepUp, User
from ..models.helping import ANSWERED_STEP_UPS, StepUpQuerySet
from ..models.user import ActorGroup
from ..states import StepUpState


def waiting_for(user: User) -> StepUpQuerySet:
    """Return what children in the user's custody wait for now, who asked first on top: one query."""
    return access.step_ups_of_children(user).waiting(timezone.now())


def answer(step_up: StepUp, *, yes: bool, by: User) -> tuple[bool, str]:
    """Give the parent's answer; return whether it counts, and what to say. A second click says the same again."""
    perform, wanted = (step_ups.approve, StepUpState.APPROVED) if yes else (step_ups.refuse, StepUpState.REFUSED)
    done = perform([step_up], by=by, role=ActorGroup.CONTACT)
    step_up.refresh_from_db()
    if not done and (step_up.state, step_up.answered_by_id) != (wanted, by.pk):
        return False, _missed(step_up)
    facts = {"name": _name(step_up), "service": step_up.service.name, "until": clock_text(step_up.expires_at)}
    if yes:
        return True, _("%(name)s can use %(service)s until %(until)s.") % facts
    return True, _("%(name)s has got a no to %(service)s.") % facts


def _missed(step_up: StepUp) -> str:
    if step_up.state in ANSWERED_STEP_UPS:
        return _("Somebody else has already answered.")
    return _("The pupil is not waiting any more.")


def _name(step_up: StepUp) -> str:
    return step_up.user.person.first_name if step_up.user.person else step_up.user.username
