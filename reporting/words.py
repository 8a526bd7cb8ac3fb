"""What findings are called on a page: what is the case, and what can be done."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .checks import Check, Finding
from .questions import Section
from .weeks import DAY_NAMES


@dataclass(frozen=True)
class Doubt:
    """A doubt as the form shows it, with its tick box."""

    finding: Finding
    heading: str
    label: str
    confirmed: bool

    @property
    def name(self) -> str:
        return self.finding.name

    @property
    def seen(self) -> str:
        return self.finding.seen


def doubt_of(finding: Finding, section: Section, *, confirmed: bool) -> Doubt:
    return Doubt(finding, heading_of(finding, section), _label(finding), confirmed)


def heading_of(finding: Finding, section: Section) -> str:
    """Return what is doubtful: "Onsdag: 24 af 42 er mere end halvdelen"."""
    values = {"where": _where(finding, section), "number": finding.number, "beside": finding.beside}
    match finding.check:
        case Check.MORE_THAN_HALF:
            return _("%(where)s: %(number)s of %(beside)s is more than half") % values
        case Check.TOTAL_MOVED:
            return _("%(where)s: %(number)s in all, last time you wrote %(beside)s") % values
        case Check.NO_DAY:
            return _("%(where)s: no day has a number") % values
        case Check.GAP:
            return _("%(where)s is empty between days with numbers") % values
    return error_of(finding)


def confirmed_text(finding: Finding, section: Section) -> str:
    """Return the doubt and that somebody has said that it is right, for the page before *Afslut* and the receipt."""
    return _("Confirmed: %(what)s") % {"what": heading_of(finding, section)}


def error_of(finding: Finding) -> str:
    """Return what is wrong, as it stands at the field."""
    match finding.check:
        case Check.MORE_THAN_TOTAL:
            values = {"number": finding.number, "beside": finding.beside}
            return _("%(number)s absent are more than the %(beside)s that you wrote in all") % values
        case Check.NO_LEVEL:
            return _("Write the number of pupils of at least one year")
    return _("Write how many there are, 0 if there are none")


def _label(finding: Finding) -> str:
    match finding.check:
        case Check.NO_DAY:
            return _("Confirm that you were closed all week")
        case Check.GAP:
            return _("Confirm that you were closed that day")
    return _("Confirm that %(number)s is right") % {"number": finding.number}


def _where(finding: Finding, section: Section) -> str:
    """Return which number it is; the line only where the section has several."""
    line = str(finding.line.label) if finding.line else ""
    if finding.day is None:
        return line
    day = str(DAY_NAMES[finding.day])
    return day if len(section.lines) == 1 else _("%(line)s, %(day)s") % {"line": line, "day": day.lower()}
