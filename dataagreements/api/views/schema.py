"""The description of what machines speak to: as OpenAPI, and as a page to read."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from unilogin_portal.lib.gate import public

from .. import openapi, pages, problems
from ..problems import Problem


@public
@require_safe
@cache_control(public=True, max_age=3600)
def document(request: HttpRequest) -> HttpResponse:
    """Publish the OpenAPI document, in the language of the request."""
    text = json.dumps(openapi.document(), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json")


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "dataagreements/api.html", {"sections": pages.sections(openapi.document())})


@csrf_exempt
@public
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer what a program asks for that there is not."""
    return problems.answer(Problem.NOT_FOUND, _("The addresses that there are stand at /api/."))
