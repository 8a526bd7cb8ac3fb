"""The portal's own pages: front page, help, news, errors, health."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form, or one from another site."""
    return render(request, "errors/csrf.html", status=403)
