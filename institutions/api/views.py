"""What suppliers' systems ask for."""

import hashlib
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from unilogin_portal.lib.gate import public

from ..importing.schema import xsd


@lru_cache(maxsize=1)
def _schema_tag() -> str:
    return f'"{hashlib.sha256(xsd()).hexdigest()[:32]}"'


@public
@require_safe
@cache_control(public=True, max_age=3600)
@condition(etag_func=lambda request: _schema_tag())
def schema(request: HttpRequest) -> HttpResponse:
    """Publish the format of deliveries that are accepted, for whoever writes them."""
    return HttpResponse(xsd(), content_type="application/xml; charset=utf-8")
