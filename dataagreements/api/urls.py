"""What suppliers' systems speak to. The addresses are part of what was agreed with them: they do not change."""

from django.urls import path

from . import converters  # noqa: F401 - registers them
from .views import deliveries, exports, schema, token

app_name = "api"
urlpatterns = [
    path("", schema.page, name="page"),
    path("schema/", schema.document, name="document"),
    path("oauth/token", token.token, name="token"),
    path("import/v7/<institution:number>", deliveries.deliver, name="deliver"),
    path("import/v7/<institution:number>/leverancer/<uuid:pk>", deliveries.status, name="submission"),
    path("eksport/v7/dataaftaler", exports.agreements, name="agreements"),
    path("eksport/v7/<institution:number>", exports.export, name="export"),
    path("<anything:rest>", schema.nothing, name="nothing"),
]
