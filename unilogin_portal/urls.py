"""The URL table. Paths are Danish, names English."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("unilogin_portal.portal_urls")),
]

handler400 = "unilogin_portal.views.bad_request"
handler403 = "unilogin_portal.views.forbidden"
handler404 = "unilogin_portal.views.not_found"
handler500 = "unilogin_portal.views.server_error"
