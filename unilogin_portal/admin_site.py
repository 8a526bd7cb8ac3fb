"""STIL's admin: Django's, but one logs in as everywhere in the portal."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from accounts.login.services import leave


@method_decorator(login_not_required, name="login")
class OperatorSite(AdminSite):
    """The admin has no log-in page of its own: no second password door, no second throttle."""

    site_header = "STIL"
    site_title = "STIL"
    index_title = "Unilogin"
    site_url = "/"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """Passwords are made in the portal's own way, by its rule and with a record."""
        return redirect("mitunilogin:overview")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        leave(request)
        return redirect("login:left")
