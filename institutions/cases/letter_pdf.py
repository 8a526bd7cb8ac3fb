"""The letter as a page of A4: in Danish, in the portal's own typeface, without metadata but its title (ADR 0008)."""

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from django.utils.translation import override
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.output import OutputProducer, PDFInfo

from unilogin_portal.lib.dates import day_text

from .letter_text import LetterText

_FONTS = "dkfds/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-{}.ttf"
_MARGIN = 25  # mm
_NAVY, _INK, _SOFT, _SUN, _LINE = (8, 48, 107), (26, 26, 26), (69, 69, 69), (254, 187, 48), (191, 191, 191)


def pdf_of(text: LetterText) -> bytes:
    """Return the letter. It is made in memory, and written nowhere."""
    with override("da"):
        page = _Page(text)
        page.draw()
        return bytes(page.output(output_producer_class=_TitleOnly))


class _TitleOnly(OutputProducer):
    """Says of the file what it is called: neither when it was made nor with what."""

    def _add_info(self) -> PDFInfo:
        info = PDFInfo(
            title=self.fpdf.title,
            subject=None,
            author=None,
            keywords=None,
            creator=None,
            producer=None,
            creation_date=None,  # type: ignore[arg-type]
        )
        self._add_pdf_obj(info)
        return info


class _Page(FPDF):
    def __init__(self, text: LetterText) -> None:
        super().__init__(format="A4")
        self.letter = text
        self.set_title(text.title)
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font("Plex", style, _font(name))
        self.set_margin(_MARGIN)
        self.c_margin = 0  # text stands flush with boxes and lines
        self.set_auto_page_break(False)  # one page, always
        self.add_page()

    def draw(self) -> None:
        self._head()
        self._line(_("To %(person)s") % {"person": self.letter.person}, size=20, style="B", after=4)
        self._line(self._lead(), after=6)
        if self.letter.username:
            self._box(_("User name"), self.letter.username)
        if self.letter.secret:
            self._box(_("Password"), self.letter.secret)
            self._line(_("Capital and small letters count. There are no spaces."), size=10, color=_SOFT, after=6)
        self._steps()
        self._foot()

    def _head(self) -> None:
        self.set_font("Plex", "B", 20)
        width = self.get_string_width("Unilogin")
        self.set_fill_color(*_SUN)
        self.rect(_MARGIN, _MARGIN + 5.5, width, 2.6, style="F")
        self._line("Unilogin", size=20, style="B", color=_NAVY, after=3)
        sender = f"{settings.AUTHORITY_NAME}, {day_text(self.letter.day)}"
        self._line(sender, size=10, color=_SOFT, after=10)
        to = _("For %(recipient)s, %(institution)s, who hands the letter to the person it is for.")
        self._line(to % {"recipient": self.letter.recipient, "institution": self.letter.institution}, size=10, after=12)

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
        self._line(_("How to log in"), size=13, style="B", after=2)
        steps = [
            _("Go to %(address)s and choose Log in, then Unilogin.") % {"address": settings.ORIGIN},
            _("Type the user name, and press Next."),
            _("Type the password, and press Next."),
        ]
        if self.letter.secret:
            steps.append(_("Choose a password of your own on Mit Unilogin: Change password."))
        for number, step in enumerate(steps, 1):
            self._line(f"{number}.  {step}", after=1.5)
        self.ln(5)

    def _foot(self) -> None:
        advice = [
            _("Keep the letter where others cannot see it. We never ask for your password."),
            _("Forgotten? Then the institution can write to us again, with the case number %(number)s.")
            % {"number": self.letter.case_number},
            _("Aula asks for MitID the first time one logs in there."),
        ]
        self.set_draw_color(*_LINE)
        self.line(_MARGIN, self.get_y(), 210 - _MARGIN, self.get_y())
        self.ln(4)
        for sentence in advice:
            self._line(sentence, size=10, color=_SOFT, after=1.5)

    def _box(self, label: str, value: str) -> None:
        top = self.get_y()
        self.set_draw_color(*_LINE)
        self.rect(_MARGIN, top, 210 - 2 * _MARGIN, 20)
        self.set_xy(_MARGIN + 5, top + 3)
        self._line(label, size=10, color=_SOFT, left=5)
        self.set_char_spacing(1)
        self._line(value, size=18, style="B", left=5)
        self.set_char_spacing(0)
        self.set_y(top + 24)

    def _line(
        self,
        text: str,
        *,
        size: int = 11,
        style: str = "",
        color: tuple[int, int, int] = _INK,
        after: float = 0,
        left: float = 0,
    ) -> None:
        """Write a paragraph from the left margin, and leave a gap after it."""
        self.set_font("Plex", style, size)
        self.set_text_color(*color)
        self.set_x(_MARGIN + left)
        self.multi_cell(210 - 2 * _MARGIN - left, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)


def _font(weight: str) -> str:
    found = finders.find(_FONTS.format(weight))
    if not isinstance(found, str):
        raise FileNotFoundError(_FONTS.format(weight))
    return found
