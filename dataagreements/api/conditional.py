"""Not sending again what the caller has (RFC 9110, section 13)."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag


def unless_known(
    request: HttpRequest, response: HttpResponse, *, version: str = "", since: int | None = None
) -> HttpResponse:
    """Return `response` with its ETag, or instead of it 304 where the request says that the caller has this version.

    Without a `version` that is a hash of the content. `since` is a Unix time, of whole seconds.
    """
    etag = quote_etag(version[:40] or hashlib.sha256(response.content).hexdigest()[:40])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, last_modified=since, response=response) or response
