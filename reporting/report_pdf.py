"""A report on paper: the receipt and all numbers, as A4 in the portal's own typeface (ADR 0008)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from unilogin_portal.lib.dates import moment_text
from unilogin_portal.lib.paper import INK, SOFT, Paper

from .answering import ReviewLine, ReviewSection, review_sections
from .standing import Standing
from .weeks import SHORT_DAY_NAMES

_MARGIN = 20  # mm
_NOTHING = "–"


def pdf_of(standing: Standing) -> bytes:
    """Return the report as PDF: of what was sent, with its receipt; else of what is saved, and says so."""
    page = _Page(standing)
    page.draw()
    return page.finished()


class _Page(Paper):
    def __init__(self, standing: Standing) -> None:
        campaign = standing.report.campaign
        title = _("Sick leave, week %(week)d of %(year)d") % {"week": campaign.week, "year": campaign.year}
        super().__init__(title, margin=_MARGIN)
        self.standing = standing
        self.set_auto_page_break(True, margin=_MARGIN)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Plex", "", 9)
        self.set_text_color(*SOFT)
        self.cell(0, 5, _("Page %(page)d") % {"page": self.page_no()}, align="R")

    def draw(self) -> None:
        self._head()
        for section in review_sections(self.standing):
            self._section(section)

    def _head(self) -> None:
        report, version = self.standing.report, self.standing.version
        self.wordmark(after=6)
        self.paragraph(str(self.title), size=18, style="B", after=2)
        self.paragraph(f"{report.name}, {report.campaign.span}", after=2)
        if version is not None and version.sent_at is not None:
            values = {"receipt": report.receipt_of(version), "moment": moment_text(version.sent_at)}
            self.paragraph(_("Receipt %(receipt)s. Received on %(moment)s.") % values, after=4)
        else:
            self.paragraph(_("Not sent yet: this is what is saved so far."), style="B", after=4)

    def _section(self, section: ReviewSection) -> None:
        if self.will_page_break(30):
            self.add_page()
        self.paragraph(str(section.section.title), size=13, style="B", before=4, after=2)
        for row in section.counts:
            self.paragraph(f"{row.line.total}: {_shown(row.total)}", after=1)
        if section.with_days:
            self._numbers(section.with_days)
        for text in section.confirmed:
            self.paragraph(text, size=10, color=SOFT, before=1)

    def _numbers(self, rows: Sequence[ReviewLine]) -> None:
        self.set_font("Plex", "", 10)
        self.set_text_color(*INK)
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


def _shown(number: int | None) -> str:
    return _NOTHING if number is None else str(number)
