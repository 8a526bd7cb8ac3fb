"""Statistics for whoever is logged in, and open data for everybody."""

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import override
from django.views.decorators.http import require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import allow, public

from .. import frame
from ..models import Campaign
from ..statistics import access, files, page, series, wording
from ..statistics.groups import GROUPS, Group
from ..statistics.suppression import LEAST, LEAST_ANSWERS

# How long whoever has fetched a file need not ask again, in seconds; and how long the server keeps one it has made.
_FRESH, _KEPT = 300, 3600


@require_safe
@allow(*access.MAY_SEE)
def statistics(request: PortalRequest) -> HttpResponse:
    """Sick leave over the weeks: one's own beside the country's."""
    places = access.places_for(request.actor)
    choice = page.chosen(request.GET, places)
    return frame.page(request, "statistics", page.context(choice, places))


@require_safe
@allow(*access.MAY_SEE)
def statistics_file(request: PortalRequest, extension: str) -> HttpResponse:
    """The page's weeks as a file."""
    choice = page.chosen(request.GET, access.places_for(request.actor))
    latest, kind = series.latest(), files.KINDS.get(extension)
    if kind is None:
        raise Http404
    points = series.over_weeks(choice.group, choice.place, latest.of, choice.weeks) if latest else []
    rows = files.own_rows(points, choice.place)
    content = kind.write(choice.group.heading, files.OWN_COLUMNS, rows)
    response = _download(content, kind, f"{choice.group.key}-{choice.place.key}.{extension}")
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@public
def open_data(request: PortalRequest) -> HttpResponse:
    """What can be fetched without a login."""
    return frame.page(request, "open_data", {"groups": GROUPS.values(), "years": files.years(), "least": LEAST})


@require_safe
@public
def open_file(request: HttpRequest, group: str, extension: str) -> HttpResponse:
    """A group's figures of all municipalities: the latest year's, or those of `?aar=`."""
    found, kind, year = GROUPS.get(group), files.KINDS.get(extension), request.GET.get("aar", "")
    if found is None or kind is None or year not in ("", *map(str, files.years())):
        raise Http404
    campaigns = files.published(int(year) if year else None)
    version = files.version_of(campaigns)
    etag = quote_etag(f"{version}-{group}-{extension}")
    response = get_conditional_response(request, etag=etag)
    if response is None:
        name = f"sygefravaer-{group}{'-' * bool(year)}{year}.{extension}"
        response = _download(_written(etag, found, kind, campaigns), kind, name)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={_FRESH}"
    return response


@require_safe
@public
def about(request: PortalRequest) -> HttpResponse:
    """How the numbers are counted, and which are left out."""
    return frame.page(request, "about", {"least": LEAST, "answers": LEAST_ANSWERS, "rule": wording.rule()})


def _written(version: str, group: Group, kind: files.Kind, campaigns: list[Campaign]) -> bytes:
    """Return the file, made once for everybody who asks for this version."""
    content: bytes | None = cache.get(version)
    if content is None:
        with override("da"):  # whatever language the first of them reads
            content = kind.write(group.heading, files.COLUMNS, files.open_rows(group, campaigns))
        cache.set(version, content, _KEPT)
    return content


def _download(content: bytes, kind: files.Kind, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind.content_type, headers=headers)
