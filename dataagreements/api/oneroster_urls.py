"""OneRoster 1.2, where its specification wants it."""

from django.urls import path

from . import converters  # noqa: F401 - registers them
from .views import oneroster, schema

app_name = "oneroster"
urlpatterns = [
    path("", schema.nothing, name="base"),
    path("demographics", oneroster.demographics, name="demographics"),
    path("demographics/<str:sourced_id>", oneroster.demographics, name="demographics_one"),
    path("<str:resource>", oneroster.roster, name="all"),
    path("<str:resource>/<str:sourced_id>", oneroster.roster, name="one"),
    path("<anything:rest>", schema.nothing, name="nothing"),
]
