"""What suppliers' systems speak to, version 7 of the format of deliveries."""

from django.urls import path

from . import views

app_name = "import_api"
urlpatterns = [
    path("schema.xsd", views.schema, name="schema"),
]
