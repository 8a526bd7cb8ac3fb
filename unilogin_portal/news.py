"""The news: a dated list, each item, and an Atom feed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from .lib.gate import public
from .lib.language import PARAMETER
from .models import NewsItem

ON_A_PAGE = 10
IN_THE_FEED = 20


@public
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All news, ten a page. A page number beyond the last shows the last."""
    page = Paginator(NewsItem.objects.published(), ON_A_PAGE).get_page(request.GET.get("side"))
    return render(request, "portal/news.html", {"page": page, "feed_url": _feed_path(get_language() or "da")})


@public
@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """One item, for as long as it is published."""
    return render(
        request, "portal/news_item.html", {"item": get_object_or_404(NewsItem.objects.published(), slug=slug)}
    )


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest items as Atom (RFC 4287), in the language of the request."""
    language = get_language() or "da"
    newest = list(NewsItem.objects.published()[:IN_THE_FEED])
    atom = _empty_feed(language)
    for news in newest:
        atom.add_item(
            title=news.title,
            link=f"{settings.ORIGIN}{news.get_absolute_url()}?{PARAMETER}={language}",
            description=news.summary,
            unique_id=_identifier(f"nyhed/{news.pk}/{language}", news.published_at.year),
            pubdate=news.published_at,
            updateddate=max(news.changed_at, news.published_at),
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _empty_feed(language: str) -> Atom1Feed:
    return Atom1Feed(
        title=gettext("News from Unilogin"),
        link=f"{settings.ORIGIN}{reverse('portal:news')}?{PARAMETER}={language}",
        description="",
        subtitle=gettext("News about the shared login for schools and day care."),
        language=language,
        author_name=settings.AUTHORITY_NAME,
        feed_url=f"{settings.ORIGIN}{_feed_path(language)}",
        feed_guid=_identifier(f"nyheder/{language}", 2026),
    )


def _feed_path(language: str) -> str:
    return f"{reverse('portal:news_feed')}?{PARAMETER}={language}"


def _identifier(specific: str, year: int) -> str:
    """Return a `tag:` URI (RFC 4151): it stays the same when an item's title, address or path changes."""
    return f"tag:{urlsplit(settings.ORIGIN).hostname},{year}:{specific}"
