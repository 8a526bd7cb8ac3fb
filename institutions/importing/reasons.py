"""Why a whole delivery is refused, what to do about it, and the error that carries a reason to the run's report."""

from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .rows import Issue


class Reason(TextChoices):
    """What is wrong with a delivery as a whole. The labels take the error's details by name."""

    UNREADABLE = "unreadable", gettext_lazy("the file cannot be read")
    EMPTY = "empty", gettext_lazy("the file is empty")
    TOO_LARGE = "too_large", gettext_lazy("the file is larger than %(limit)s MB")
    ELEMENT_TOO_LARGE = "element_too_large", gettext_lazy("there is more in one place than a delivery can hold")
    ENCODING = "encoding", gettext_lazy("the encoding is %(encoding)s; a delivery must be in UTF-8")
    NOT_UTF8 = "not_utf8", gettext_lazy("there are bytes that are not UTF-8; a delivery must be in UTF-8")
    NOT_XML = "not_xml", gettext_lazy("the file is not XML")
    DTD = "dtd", gettext_lazy("the file has a DTD (DOCTYPE), which is not allowed")
    CUT = "cut", gettext_lazy("the file ends in the middle of an element; it has been cut off")
    NOT_WELL_FORMED = "not_well_formed", gettext_lazy("the XML is not well formed (%(error)s)")
    ROOT = "root", gettext_lazy("the root element must be UNILoginImport")
    ATTRIBUTE_MISSING = "attribute_missing", gettext_lazy("the attribute %(attribute)s is missing")
    ATTRIBUTE_INVALID = "attribute_invalid", gettext_lazy("the attribute %(attribute)s is not valid")
    INSTITUTION_COUNT = "institution_count", gettext_lazy("a delivery must have exactly one Institution")
    NUMBER_INVALID = "number_invalid", gettext_lazy("InstitutionNumber is missing or is not six letters and digits")
    MISPLACED = "misplaced", gettext_lazy("%(element)s stands where it is not allowed")
    INSTITUTION_UNKNOWN = "institution_unknown", gettext_lazy("institution %(number)s is in none of the registers")
    INSTITUTION_CLOSED = "institution_closed", gettext_lazy("institution %(number)s is closed")
    INSTITUTION_LEVEL = (
        "institution_level",
        gettext_lazy("%(number)s is a day-care institution without people of its own; deliver for its units"),
    )
    NO_AGREEMENT = (
        "no_agreement",
        gettext_lazy("the institution has no agreement on imports with this system that counts now"),
    )
    OTHER_INSTITUTION = (
        "other_institution",
        gettext_lazy("InstitutionNumber is not the institution that the file was sent for"),
    )
    OTHER_SOURCE = (
        "other_source",
        gettext_lazy("source is not the name under which the system that sent the file delivers"),
    )
    SOURCE_TIME = (
        "source_time",
        gettext_lazy("sourceDateTime is not newer than that of the last delivery loaded from this system"),
    )
    AHEAD_OF_TIME = "ahead_of_time", gettext_lazy("sourceDateTime is more than half a year ahead; a clock is wrong")
    SUPERSEDED = "superseded", gettext_lazy("a newer delivery from this system took its place")
    UNANSWERED = "unanswered", gettext_lazy("nobody answered for thirty days; nothing was changed")
    STOPPED = "stopped", gettext_lazy("it was stopped by a person; nothing was changed")
    TOO_MANY_ISSUES = (
        "too_many_issues",
        gettext_lazy("%(count)s of %(persons)s rows cannot be loaded; nothing was changed"),
    )
    NOT_RENEWED = "not_renewed", gettext_lazy("the series was not renewed for twelve months, so its ties ended")
    BUSY = "busy", gettext_lazy("another delivery from this system is being loaded now; send it again later")
    INTERRUPTED = "interrupted", gettext_lazy("the loading was interrupted; nothing was changed")
    GIVEN_UP = "given_up", gettext_lazy("the loading was interrupted %(count)s times and is not tried again")
    FAILED = "failed", gettext_lazy("the loading failed and nothing was changed; the error's number is %(number)s")


ASK_SUPPLIER = gettext_lazy("Show this to the supplier of your system. Nothing has been changed.")
_COMES_AGAIN = gettext_lazy("Nothing has been changed. The next night's file comes in as usual.")
# What an institution does about it. Pages and mails both say it.
REMEDIES: dict[Reason, Promise] = {
    Reason.UNREADABLE: ASK_SUPPLIER,
    Reason.EMPTY: ASK_SUPPLIER,
    Reason.TOO_LARGE: ASK_SUPPLIER,
    Reason.ELEMENT_TOO_LARGE: ASK_SUPPLIER,
    Reason.ENCODING: ASK_SUPPLIER,
    Reason.NOT_UTF8: ASK_SUPPLIER,
    Reason.NOT_XML: ASK_SUPPLIER,
    Reason.DTD: ASK_SUPPLIER,
    Reason.CUT: ASK_SUPPLIER,
    Reason.NOT_WELL_FORMED: ASK_SUPPLIER,
    Reason.ROOT: ASK_SUPPLIER,
    Reason.ATTRIBUTE_MISSING: ASK_SUPPLIER,
    Reason.ATTRIBUTE_INVALID: ASK_SUPPLIER,
    Reason.INSTITUTION_COUNT: ASK_SUPPLIER,
    Reason.NUMBER_INVALID: ASK_SUPPLIER,
    Reason.MISPLACED: ASK_SUPPLIER,
    Reason.INSTITUTION_UNKNOWN: gettext_lazy(
        "Ask your supplier to correct the institution number, or ask the register to enter the institution."
    ),
    Reason.INSTITUTION_CLOSED: gettext_lazy(
        "The register says that the institution is closed. If that is wrong, ask the register to correct it."
    ),
    Reason.INSTITUTION_LEVEL: gettext_lazy("Ask your supplier to deliver for each unit under its own number."),
    Reason.NO_AGREEMENT: gettext_lazy(
        "Approve the supplier's request in Tilslutning, or ask it to send one. Nothing has been changed."
    ),
    Reason.OTHER_INSTITUTION: ASK_SUPPLIER,
    Reason.OTHER_SOURCE: ASK_SUPPLIER,
    Reason.SOURCE_TIME: gettext_lazy(
        "The file is not newer than the last one. The next night's file comes in as usual. Does it happen again, then "
        "ask your supplier."
    ),
    Reason.AHEAD_OF_TIME: gettext_lazy(
        "Ask your supplier to set the clock of the system right and send the file again. Nothing has been changed."
    ),
    Reason.SUPERSEDED: gettext_lazy("Nothing has been changed."),
    Reason.UNANSWERED: gettext_lazy(
        "No newer file has come either. Ask your supplier for one; if it would change as much, we ask you again."
    ),
    Reason.STOPPED: _COMES_AGAIN,
    Reason.TOO_MANY_ISSUES: gettext_lazy(
        "So many errors at once usually have one cause. Look at the list, and ask your supplier."
    ),
    Reason.NOT_RENEWED: gettext_lazy(
        "Was it a mistake? Let your system send a new delivery. Everybody in it comes back with the same user name."
    ),
    Reason.BUSY: gettext_lazy("Another file was being loaded. The next night's file comes in as usual."),
    Reason.INTERRUPTED: _COMES_AGAIN,
    Reason.GIVEN_UP: gettext_lazy("The fault may be ours, and nothing has been changed. Contact support."),
    Reason.FAILED: gettext_lazy("The fault is ours, and nothing has been changed. Contact support with the number."),
}


class DeliveryRejected(Exception):
    """The delivery is refused as a whole. Details never hold personal data. `issues` are kept with the run."""

    def __init__(self, reason: Reason, *, line: int = 1, issues: tuple[Issue, ...] = (), **details: Any) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.issues = issues
        self.details: dict[str, Any] = {"line": line, **details}


def reason_text(reason: str, details: dict[str, Any], *, file: str) -> str:
    """Return the reason as a sentence with file and line, in the active language; nothing for no reason."""
    if not reason:
        return ""
    what = str(Reason(reason).label) % details
    return _("%(file)s, line %(line)s: %(what)s.") % {"file": file, "line": details.get("line", 1), "what": what}
