"""A report on paper: the receipt and all numbers, as A4 in the portal's own typeface (ADR 0008)."""

from collections.abc import Sequence

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from unilogin_portal.lib.dates import day_text, moment_text

from .answering import ReviewLine, ReviewSection, review_sections
from .standing import Standing
from .weeks import SHORT_DAY_NAMES

_FONTS = "dkfds/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-{}.ttf"
_MARGIN = 20  # mm
_NAVY, _SOFT, _SUN = (8, 48, 107), (69, 69, 69), (254, 187, 48)
_NOTHING = "–"


def pdf_of(standing: Standing) -> bytes:
    """Return the report as PDF: of what was sent, with its receipt; else of what is saved, and says so."""
    page = _Page(standing)
    page.draw()
    return bytes(page.output())


class _Page(FPDF):
    def __init__(self, standing: Standing) -> None:
        super().__init__(format="A4")
        self.standing = standing
        campaign = standing.report.campaign
        self.set_title(_("Sick leave, week %(week)d of %(year)d") % {"week": campaign.week, "year": campaign.year})
        for style, name in (("", "Regular"), ("B", "Bold")):
            path = finders.find(_FONTS.format(name))
            assert isinstance(path, str)  # noqa: S101 - comes with the design system
            self.add_font("Plex", style, path)
        self.set_margin(_MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=_MARGIN)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Plex", "", 9)
        self.set_text_color(*_SOFT)
        self.cell(0, 5, _("Page %(page)d") % {"page": self.page_no()}, align="R")

    def draw(self) -> None:
        self._head()
        for section in review_sections(self.standing):
            self._section(section)

    def _head(self) -> None:
        report, version = self.standing.report, self.standing.version
        self.set_font("Plex", "B", 20)
        self.set_fill_color(*_SUN)
        self.rect(_MARGIN, _MARGIN + 5.5, self.get_string_width("Unilogin"), 2.6, style="F")
        self._text("Unilogin", size=20, style="B", color=_NAVY, after=6)
        self._text(str(self.title), size=18, style="B", after=2)
        days = report.campaign.days
        self._text(f"{report.name}, {day_text(days[0])} – {day_text(days[-1])}", after=2)
        if version is not None and version.sent_at is not None:
            values = {"receipt": report.receipt_of(version), "moment": moment_text(version.sent_at)}
            self._text(_("Receipt %(receipt)s. Received on %(moment)s.") % values, after=4)
        else:
            self._text(_("Not sent yet: this is what is saved so far."), style="B", after=4)

    def _section(self, section: ReviewSection) -> None:
        if self.will_page_break(30):
            self.add_page()
        self._text(str(section.section.title), size=13, style="B", before=4, after=2)
        for row in section.counts:
            self._text(f"{row.line.total}: {_shown(row.total)}", after=1)
        if section.with_days:
            self._numbers(section.with_days)
        for text in section.confirmed:
            self._text(text, size=10, color=_SOFT, before=1)

    def _numbers(self, rows: Sequence[ReviewLine]) -> None:
        self.set_font("Plex", "", 10)
        headings = FontFace(emphasis="BOLD")
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=(34, 16, 10, 10, 10, 10, 10),
            text_align=("LEFT", *["RIGHT"] * 6),
            headings_style=headings,
            line_height=6,
            padding=(0.5, 1),
        ) as table:
            table.row(["", _("In all"), *map(str, SHORT_DAY_NAMES)])
            for row in rows:
                table.row([str(row.line.label), _shown(row.total), *map(_shown, row.days)])

    def _text(
        self,
        text: str,
        *,
        size: int = 11,
        style: str = "",
        color: tuple[int, int, int] = (26, 26, 26),
        before: float = 0,
        after: float = 0,
    ) -> None:
        self.ln(before)
        self.set_font("Plex", style, size)
        self.set_text_color(*color)
        self.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)
        self.set_text_color(26, 26, 26)


def _shown(number: int | None) -> str:
    return _NOTHING if number is None else str(number)
