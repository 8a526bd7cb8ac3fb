"""The letter as a page of A4: in Danish, in the portal's own typeface, without metadata but its title (ADR 0008)."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from unilogin_portal.lib.dates import day_text
from unilogin_portal.lib.paper import SOFT, WIDTH, Paper

from .letter_text import LetterText

_MARGIN = 25  # mm


def pdf_of(text: LetterText) -> bytes:
    """Return the letter. It is made in memory, and written nowhere."""
    with override("da"):
        page = _Page(text)
        page.draw()
        return page.finished()


class _Page(Paper):
    def __init__(self, text: LetterText) -> None:
        super().__init__(text.title, margin=_MARGIN)
        self.letter = text
        self.set_auto_page_break(False)  # one page, always
        self.add_page()

    def draw(self) -> None:
        self._head()
        self.paragraph(_("To %(person)s") % {"person": self.letter.person}, size=20, style="B", after=4)
        self.paragraph(self._lead(), after=6)
        if self.letter.username:
            self._box(_("User name"), self.letter.username)
        if self.letter.secret:
            self._box(_("Password"), self.letter.secret)
            self.paragraph(_("Capital and small letters count. There are no spaces."), size=10, color=SOFT, after=6)
        self._steps()
        self._foot()

    def _head(self) -> None:
        self.wordmark(after=3)
        sender = f"{settings.AUTHORITY_NAME}, {day_text(self.letter.day)}"
        self.paragraph(sender, size=10, color=SOFT, after=10)
        to = _("For %(recipient)s, %(institution)s, who hands the letter to the person it is for.")
        self.paragraph(
            to % {"recipient": self.letter.recipient, "institution": self.letter.institution}, size=10, after=12
        )

    def _lead(self) -> str:
        if not self.letter.secret:
            return _("You have asked for your user name for Unilogin, through %(institution)s. Here it is.") % self._at
        if not self.letter.username:
            return _("Here is your new password for Unilogin. You know the user name already.")
        return _("Here are your user name and your password for Unilogin, ordered by %(institution)s.") % self._at

    @property
    def _at(self) -> dict[str, str]:
        return {"institution": self.letter.institution}

    def _steps(self) -> None:
        self.paragraph(_("How to log in"), size=13, style="B", after=2)
        steps = [
            _("Go to %(address)s and choose Log in, then Unilogin.") % {"address": settings.ORIGIN},
            _("Type the user name, and press Next."),
            _("Type the password, and press Next."),
        ]
        if self.letter.secret:
            steps.append(_("Choose a password of your own on Mit Unilogin: Change password."))
        for number, step in enumerate(steps, 1):
            self.paragraph(f"{number}.  {step}", after=1.5)
        self.ln(5)

    def _foot(self) -> None:
        advice = [
            _("Keep the letter where others cannot see it. We never ask for your password."),
            _("Forgotten? Then the institution can write to us again, with the case number %(number)s.")
            % {"number": self.letter.case_number},
            _("Aula asks for MitID the first time one logs in there."),
        ]
        self.line(_MARGIN, self.get_y(), WIDTH - _MARGIN, self.get_y())
        self.ln(4)
        for sentence in advice:
            self.paragraph(sentence, size=10, color=SOFT, after=1.5)

    def _box(self, label: str, value: str) -> None:
        top = self.get_y()
        self.rect(_MARGIN, top, WIDTH - 2 * _MARGIN, 20)
        self.set_xy(_MARGIN + 5, top + 3)
        self.paragraph(label, size=10, color=SOFT, left=5)
        self.set_char_spacing(1)
        self.paragraph(value, size=18, style="B", left=5)
        self.set_char_spacing(0)
        self.set_y(top + 24)
