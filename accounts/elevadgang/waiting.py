"""The waiting room: who waits for an adult's word, who has it now, and giving it (D3.5)."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.models import Group
from institutions.roles import label

from .. import step_ups
from ..models import ServiceLink, StepUp, User
from ..models.helping import ANSWERED_STEP_UPS
from ..models.user import ActorGroup
from ..states import StepUpAction, StepUpState
from . import access, frame

_IN_WORDS: tuple[Promise, ...] = (
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
    gettext_lazy("ten"),
    gettext_lazy("eleven"),
    gettext_lazy("twelve"),
)


def number_in_words(number: int) -> str:
    """Return "three"; numbers beyond twelve in digits."""
    return str(_IN_WORDS[number - 1]) if 0 < number <= len(_IN_WORDS) else str(number)


def _clock(hours: str, minutes: str, seconds: str) -> str:
    return _("%(hours)s:%(minutes)s:%(seconds)s") % {"hours": hours, "minutes": minutes, "seconds": seconds}


@dataclass(frozen=True)
class Waits:
    """A pupil who waits, and for how long."""

    step_up: StepUp
    seconds: int

    @property
    def text(self) -> str:
        minutes, seconds = divmod(self.seconds, 60)
        if minutes:
            return _("%(minutes)s min. %(seconds)s sec.") % {"minutes": minutes, "seconds": seconds}
        return _("%(seconds)s sec.") % {"seconds": seconds}


@dataclass(frozen=True)
class Box:
    """A service and who waits for it, who came first on top."""

    service: ServiceLink
    rows: list[Waits]

    @property
    def count_in_words(self) -> str:
        return number_in_words(len(self.rows))


@dataclass(frozen=True)
class Granted:
    """A pupil who has an adult's word now, and whose it was in words."""

    step_up: StepUp
    by: str


@dataclass(frozen=True)
class Room:
    """What the page shows: of all classes, or of the `chosen` one."""

    boxes: list[Box]
    granted: list[Granted]
    classes: list[Group]
    chosen: Group | None
    everywhere: int
    mark: str
    now: dt.datetime

    @property
    def count(self) -> int:
        return sum(len(box.rows) for box in self.boxes)

    @property
    def count_in_words(self) -> str:
        words = number_in_words(self.count)
        return words[:1].upper() + words[1:]

    @property
    def clock(self) -> str:
        """Return when this was true: "kl. 10.42.15"."""
        here = timezone.localtime(self.now)
        return _clock(str(here.hour), f"{here.minute:02}", f"{here.second:02}")

    @property
    def clock_pattern(self) -> str:
        """The same for the script, which writes a number in place of each `#`."""
        return _clock("#", "#", "#")

    @property
    def ask_again(self) -> int:
        return frame.LIVELY if self.count else frame.CALM


def room_of(reach: access.Reach, chosen: str = "") -> Room:
    """Gather what stands in the room now: two queries however many wait."""
    now = timezone.now()
    live = list(access.live_step_ups_for(reach, now))
    classes = access.main_groups_of(reach, [one.user_id for one in live])
    groups = {group.pk: group for group in classes.values()}
    here = next((group for key, group in groups.items() if str(key) == chosen), None)
    if here is None and len(groups) == 1:
        here = next(iter(groups.values()))
    shown = [one for one in live if here is None or classes.get(one.user_id) == here]
    waiting = [one for one in shown if one.state == StepUpState.WAITING]
    granted = [one for one in shown if one.state == StepUpState.APPROVED]
    return Room(
        _boxes(waiting, now),
        [Granted(one, _by(one, reach.user)) for one in sorted(granted, key=lambda one: one.expires_at)],
        sorted(groups.values(), key=lambda group: (group.name, group.pk)),
        here,
        sum(one.state == StepUpState.WAITING for one in live),
        _mark(live),
        now,
    )


def _boxes(waiting: list[StepUp], now: dt.datetime) -> list[Box]:
    by_service = groupby(waiting, key=lambda one: one.service)
    return [
        Box(service, [Waits(one, max(0, int((now - one.asked_at).total_seconds()))) for one in ones])
        for service, ones in by_service
    ]


def _by(step_up: StepUp, viewer: User) -> str:
    if step_up.answered_by_id == viewer.pk and step_up.answered_role != ActorGroup.CONTACT:
        return _("You")
    if step_up.answered_role == ActorGroup.CONTACT:
        return _("A parent with MitID")
    return label(step_up.answered_role)


def _mark(live: Iterable[StepUp]) -> str:
    """Return what changes when somebody comes, goes or is answered: then the page is drawn anew, else not."""
    rows = ",".join(f"{one.pk}{one.state}" for one in live)
    return hashlib.sha256(rows.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Outcome:
    """Whom an answer reached; and of the others, whether somebody else answered them or they wait no more."""

    done: list[StepUp]
    by_another: bool = False
    gone: bool = False


_DOES = {
    StepUpAction.APPROVE: (step_ups.approve, StepUpState.APPROVED),
    StepUpAction.REFUSE: (step_ups.refuse, StepUpState.REFUSED),
    StepUpAction.END: (step_ups.end, StepUpState.ENDED),
}


def answer(reach: access.Reach, asked: list[StepUp], action: StepUpAction) -> Outcome:
    """Give each of these pupils the answer, in the capacity in which they are helped."""
    perform, wanted = _DOES[action]
    capacities = access.capacities_of(reach, [one.user_id for one in asked])
    done: list[StepUp] = []
    for capacity in dict.fromkeys(capacities.values()):
        theirs = [one for one in asked if capacities.get(one.user_id) == capacity]
        done += perform(theirs, by=reach.user, role=capacity.role, institution=capacity.institution)
    missed = {one.pk for one in asked} - {one.pk for one in done}
    now_are = list(access.step_ups_for(reach).filter(pk__in=missed)) if missed else []
    # A second click of one's own has nothing to tell.
    now_are = [one for one in now_are if (one.state, one.answered_by_id) != (wanted, reach.user.pk)]
    return Outcome(
        done,
        by_another=any(one.state in ANSWERED_STEP_UPS for one in now_are),
        gone=any(one.state not in ANSWERED_STEP_UPS for one in now_are),
    )
