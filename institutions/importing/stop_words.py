"""What each brake found, in words: a heading, and how much that is of how much is allowed. Pages and mails say both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Brake

HEADLINES: dict[Brake, Promise] = {
    Brake.ENDING: gettext_lazy("%(count)s of %(of)s people would lose their tie to %(institution)s"),
    Brake.JOINING: gettext_lazy("%(count)s new people would come to %(institution)s, which has %(of)s"),
    Brake.RENAMED: gettext_lazy("%(count)s of %(of)s people at %(institution)s would get another name"),
    Brake.CPR: gettext_lazy("%(count)s of %(of)s people at %(institution)s come with another CPR number"),
    Brake.MOVED: gettext_lazy("%(count)s of %(of)s people at %(institution)s would change level or class"),
    Brake.CONTACTS: gettext_lazy(
        "%(count)s ties to contact persons at %(institution)s would end, begin or change custody; there are %(of)s"
    ),
    Brake.PROTECTION: gettext_lazy(
        "%(count)s protected people at %(institution)s would lose their protection, and their names become visible"
    ),
    Brake.LEADERS: gettext_lazy("%(count)s people would become leaders at %(institution)s, which has %(of)s people"),
    Brake.DRAINING: gettext_lazy(
        "%(count)s of %(of)s people would have lost their tie to %(institution)s within two weeks"
    ),
    Brake.EMPTY: gettext_lazy("There is nobody in the file for %(institution)s, but %(of)s people are known"),
    Brake.SCHOOL_YEAR: gettext_lazy("The file for %(institution)s has another school year than expected"),
    Brake.UNDONE: gettext_lazy("The last import for %(institution)s was taken back, so we ask before this one"),
}


@dataclass(frozen=True)
class StopLine:
    """A brake that stopped a run: what it found, and how much that is of how much is allowed."""

    headline: str
    share: str

    @property
    def sentence(self) -> str:
        """Return both as running text, for a mail."""
        return f"{self.headline}. {self.share}".rstrip()


def stop_lines(stops: Iterable[Mapping[str, Any]], institution: str) -> list[StopLine]:
    """Return the stops (stored as `Stop.as_dict`) in words, in the active language."""
    return [_stop_line(stop, institution) for stop in stops]


def headline(stops: Iterable[Mapping[str, Any]], institution: str) -> str:
    """Return the first thing that stopped the run."""
    lines = stop_lines(stops, institution)
    return lines[0].headline if lines else ""


def _stop_line(stop: Mapping[str, Any], institution: str) -> StopLine:
    values = {"count": stop.get("count", 0), "of": stop.get("of", 0), "institution": institution}
    return StopLine(str(HEADLINES[Brake(stop["brake"])]) % values, _share(stop))


def _share(stop: Mapping[str, Any]) -> str:
    """Return "That is 16 percent. The limit is 10 percent", where the brake has a limit."""
    if not stop.get("limit") or not stop.get("of"):
        return ""
    share = stop["count"] * 100 / stop["of"]
    # Rounded down it could look as if the limit had been kept.
    shown = int(share) if int(share) > stop["limit"] else round(share, 1)
    words = _("That is %(share)s percent. The limit is %(limit)s percent.")
    return words % {"share": number_format(shown), "limit": stop["limit"]}
