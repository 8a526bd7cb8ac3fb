"""The words of a letter, before they are made into a page."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override


@dataclass(frozen=True)
class LetterText:
    """What stands in a letter. What is empty was not asked for."""

    case_number: str
    institution: str
    recipient: str
    person: str
    username: str = field(repr=False)
    secret: str = field(repr=False)
    day: dt.date

    @property
    def title(self) -> str:
        with override("da"):
            return _("Unilogin, case %(number)s") % {"number": self.case_number}
