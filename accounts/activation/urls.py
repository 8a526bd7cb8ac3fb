from django.urls import path

from . import views

app_name = "activation"
urlpatterns = [
    path("", views.start, name="start"),
    path("brugernavne/", views.names, name="names"),
    path("opret/", views.create, name="create"),
    path("brugernavne/mit/", views.own, name="own"),
    path("brugernavne/boern/", views.children, name="children"),
    path("afslut/", views.finish, name="finish"),
]
