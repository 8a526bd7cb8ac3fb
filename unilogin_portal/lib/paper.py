"""A sheet of A4 in the portal's own typeface, with the wordmark, and without metadata but its title (ADR 0008)."""

from django.contrib.staticfiles import finders
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.output import OutputProducer, PDFInfo

_FONTS = "dkfds/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-{}.ttf"
WIDTH = 210  # mm
NAVY, INK, SOFT, SUN, LINE = (8, 48, 107), (26, 26, 26), (69, 69, 69), (254, 187, 48), (191, 191, 191)


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


class Paper(FPDF):
    """One sheet or more, with the same margin all round, in millimetres."""

    def __init__(self, title: str, *, margin: int) -> None:
        super().__init__(format="A4")
        self.margin = margin
        self.set_title(title)
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font("Plex", style, _font(name))
        self.set_margin(margin)
        self.c_margin = 0  # text stands flush with boxes and lines
        self.set_draw_color(*LINE)

    def finished(self) -> bytes:
        """Return the file. It is made in memory, and written nowhere."""
        return bytes(self.output(output_producer_class=_TitleOnly))

    def wordmark(self, *, after: float) -> None:
        """Write *Unilogin* with its yellow stroke, at the top of the first sheet."""
        self.set_font("Plex", "B", 20)
        self.set_fill_color(*SUN)
        self.rect(self.margin, self.margin + 5.5, self.get_string_width("Unilogin"), 2.6, style="F")
        self.set_fill_color(255)
        self.paragraph("Unilogin", size=20, style="B", color=NAVY, after=after)

    def paragraph(
        self,
        text: str,
        *,
        size: int = 11,
        style: str = "",
        color: tuple[int, int, int] = INK,
        before: float = 0,
        after: float = 0,
        left: float = 0,
    ) -> None:
        """Write a paragraph from the left margin, and leave gaps before and after it."""
        self.ln(before)
        self.set_font("Plex", style, size)
        self.set_text_color(*color)
        self.set_x(self.margin + left)
        width = WIDTH - 2 * self.margin - left
        self.multi_cell(width, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)
        self.set_text_color(*INK)


def _font(weight: str) -> str:
    found = finders.find(_FONTS.format(weight))
    if not isinstance(found, str):
        raise FileNotFoundError(_FONTS.format(weight))
    return found
