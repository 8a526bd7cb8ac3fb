"""The URL table. Paths are Danish, names English."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("unilogin_portal.portal_urls")),
    path("login/", include("accounts.login.urls")),
    path("aktiver/", include("accounts.activation.urls")),
    path("mit-unilogin/", include("accounts.mitunilogin.urls")),
    path("elevadgang/", include("accounts.elevadgang.urls")),
    path("brugeradministration/import/", include("institutions.administration.urls")),
    path("", include("institutions.cases.urls")),
    path("tilslutning/", include("dataagreements.urls")),
    path("sygefravaer/", include("reporting.urls")),
    path("mitid/", include("accounts.activation.sp_urls")),
    path("api/import/v7/", include("institutions.api.urls")),
    path("api/", include("dataagreements.api.urls")),
    path("ims/oneroster/rostering/v1p2/", include("dataagreements.api.oneroster_urls")),
    path("stil/admin/", admin.site.urls),
]
if settings.TEST_IDP:
    urlpatterns.append(path("test-mitid/", include("accounts.testidp.urls")))

handler400 = "unilogin_portal.views.bad_request"
handler403 = "unilogin_portal.views.forbidden"
handler404 = "unilogin_portal.views.not_found"
handler500 = "unilogin_portal.views.server_error"
