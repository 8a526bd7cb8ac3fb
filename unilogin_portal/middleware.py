"""What stands round every request and belongs to the portal's own pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
