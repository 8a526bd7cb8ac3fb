"""MitID: the service provider's URLs. Without a slash at the end, as they stand in the metadata."""

from django.urls import path

from . import sp_views

app_name = "mitid"

urlpatterns = [
    path("metadata", sp_views.metadata, name="metadata"),
    path("login", sp_views.login, name="login"),
    path("acs", sp_views.acs, name="acs"),
    path("fortsaet/", sp_views.carry_on, name="continue"),
    path("logout", sp_views.logout, name="logout"),
    path("slo", sp_views.slo, name="slo"),
]
