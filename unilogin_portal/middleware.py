"""What stands round every request and belongs to the portal's own pages."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRefresh

from . import views


class MethodPageMiddleware:
    """Give "method not allowed" a page: a reload of an address that only takes forms would else be a white one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = views.method_not_allowed(request)
        page["Allow"] = response["Allow"]
        return page


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Django's, and a page that asks by itself how things stand is loaded anew where the session has ended: else the
    log-in page would be drawn inside it.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        turned_away = super().process_view(request, view_func, view_args, view_kwargs)
        return HttpResponseClientRefresh() if turned_away and getattr(request, "htmx", False) else turned_away


class PrivateWhenSignedInMiddleware:
    """Keep pages that carry a name out of caches: the public pages do, once somebody is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class OneOriginMiddleware:
    """Lead who came by another name of the host to `ORIGIN`.

    Cookies, the answer from MitID and links in mails all belong to one origin. What machines ask for (health, metrics)
    is answered by any name, known or not, because probes come by addresses.
    """

    ANY_NAME = ("/sundhed/", "/metrics")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.host = urlsplit(settings.ORIGIN).netloc

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.ANY_NAME):
            request.META["HTTP_HOST"] = self.host
        elif request.method in {"GET", "HEAD"} and request.get_host() != self.host:
            return redirect(settings.ORIGIN + request.get_full_path())
        return self.get_response(request)
