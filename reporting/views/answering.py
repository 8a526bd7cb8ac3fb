"""The respondent's pages: one a section, then all of it, *Afslut*, and the receipt. Whoever has the link is let in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import public

from .. import answering, answers, links, moments, tasks
from ..answering import Steps
from ..forms import LostLinkForm, ReopenForm, SectionForm
from ..models import Report
from ..questions import Section
from ..standing import sent_standing_of, standing_of
from ..states import ReportState

ByLink = Callable[..., HttpResponse]


def by_link(view: ByLink) -> ByLink:
    """Let in whoever has a link that works, and give everybody else the same page, whatever is wrong with theirs."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        report = links.report_of(token, timezone.now())
        if report is None:
            response = render(request, "reporting/dead_link.html", status=404)
        else:
            response = view(request, report, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        # The address is the key: the portal's own policy keeps it from other sites, and with a stricter one browsers
        # would not say where a form comes from.
        response["Referrer-Policy"] = "same-origin"
        return response

    return opened


@public
@require_safe
@by_link
def answer(request: HttpRequest, report: Report) -> HttpResponse:
    """The link itself: to where there is something to write, or to what was sent."""
    now = timezone.now()
    answers.note_opened(report, now)
    if not report.takes_answers(now):
        return redirect("reporting:receipt", links.token_of(report))
    return redirect(Steps(standing_of(report)).first_unfinished)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def step(request: HttpRequest, report: Report, slug: str) -> HttpResponse:
    section = answering.section_of(report, slug)
    if not report.takes_answers(timezone.now()):
        return _over(request, report)
    if request.method != "POST":
        standing = standing_of(report)
        form = SectionForm(section=section, standing=standing)
        if "tal" in request.GET:
            return JsonResponse(answering.numbers_for_script(form, standing))
        return _step(request, form)
    try:
        return _saved(request, report, section)
    except answers.Closed:
        return _over(request, report)


def _saved(request: HttpRequest, report: Report, section: Section) -> HttpResponse:
    """Save what was sent, and go where the button leads; back to the page where something is wrong or doubtful."""
    now = timezone.now()
    form = SectionForm(request.POST, section=section, standing=standing_of(report))
    saved = answers.save(report, section, form.typed, form.was, now=now, confirm=form.confirmed, shown=form.shown)
    form.standing = standing = standing_of(report)
    form.show_conflicts(saved.conflicts)
    if "autosave" in request.POST:
        return JsonResponse(answering.saved_for_script(form, standing))
    if form.errors:
        return _step(request, form)
    if "last" in request.POST:
        answers.start_from_last(report, section, now=now)
        return redirect(request.path)
    if "later" in request.POST:
        return redirect("reporting:later", links.token_of(report))
    unsettled = standing.unsettled(section)
    for finding in unsettled:
        if finding.is_error:
            answering.show_error(form, finding)
    return _step(request, form, doubts=True) if unsettled else redirect(Steps(standing).after(section))


def _step(request: HttpRequest, form: SectionForm, *, doubts: bool = False) -> HttpResponse:
    return render(request, "reporting/step.html", answering.step_page(form, insisted=doubts))


def _over(request: HttpRequest, report: Report) -> HttpResponse:
    """The report is sent, or its week over, since the page was drawn: say so, and show what there is to see."""
    if "autosave" in request.POST or "tal" in request.GET:
        text = _("The report takes no more numbers. Nothing of what you wrote last is saved.")
        return JsonResponse({"closed": text}, status=409)
    if request.method == "POST":
        messages.warning(request, _("The report was sent meanwhile. What you wrote last is not saved."))
    return redirect("reporting:answer", links.token_of(report))


@public
@require_safe
@by_link
def later(request: HttpRequest, report: Report) -> HttpResponse:
    """*Gem og fortsæt senere*: that it is saved, and how to come back."""
    now = timezone.now()
    if not report.takes_answers(now):
        return _over(request, report)
    page = {"report": report, "steps": Steps(standing_of(report)), "by": moments.due_text(report.answers_by(now))}
    return render(request, "reporting/later.html", page)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def review(request: HttpRequest, report: Report) -> HttpResponse:
    """All of it on one page, and *Afslut*."""
    if not report.takes_answers(timezone.now()):
        return _over(request, report)
    error = ""
    if request.method == "POST":
        try:
            answers.finish(report, request.POST.get("seen", ""), now=timezone.now())
        except answers.Closed:
            return _over(request, report)
        except DomainError as refused:
            error = str(refused)
        else:
            return redirect("reporting:receipt", links.token_of(report))
    return render(request, "reporting/review.html", answering.review_page(standing_of(report), error))


@public
@require_safe
@by_link
def receipt(request: HttpRequest, report: Report) -> HttpResponse:
    standing = sent_standing_of(report)
    if standing.version is None:
        return redirect("reporting:answer", links.token_of(report))
    return render(request, "reporting/receipt.html", answering.receipt_page(standing, timezone.now()))


@public
@require_safe
@by_link
def pdf(request: HttpRequest, report: Report) -> HttpResponse:
    """What was sent, or what is saved so far, on paper."""
    # Drawing brings a library of its own along, which no other page needs.
    from ..report_pdf import pdf_of  # noqa: PLC0415

    standing = sent_standing_of(report) if report.state == ReportState.FINISHED else standing_of(report)
    response = HttpResponse(pdf_of(standing), content_type="application/pdf")
    name = f"sygefravaer-{report.campaign.year}-{report.campaign.week:02}-{report.number:04}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def ask_reopening(request: HttpRequest, report: Report) -> HttpResponse:
    """Something that was sent is wrong: ask STIL to open the report again."""
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answers.ask_reopening(report, form.cleaned_data["reason"], now=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("We have your question. You get a mail when the report is open again."))
            return redirect("reporting:receipt", links.token_of(report))
    return render(request, "reporting/ask_reopening.html", {"report": report, "form": form, "token": _token(report)})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def lost_link(request: HttpRequest) -> HttpResponse:
    """Send the link once more, to the registered address and to no other; the page tells nothing of who exists."""
    form = LostLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tasks.ask_again_soon(form.cleaned_data["identifier"])
        return redirect("reporting:link_sent")
    return render(request, "reporting/lost_link.html", {"form": form})


@public
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/link_sent.html")


def _token(report: Report) -> str:
    return links.token_of(report)
