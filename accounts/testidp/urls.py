"""The stand-in's URLs. The portal mounts them only where `TEST_IDP` is on."""

from django.urls import path

from . import views

app_name = "testidp"

urlpatterns = [
    path("metadata", views.metadata, name="metadata"),
    path("login", views.login, name="login"),
    path("logout", views.logout, name="logout"),
]
