from django.urls import path

from .views import classes, history, pupils, substitutes, waiting_room, windows

app_name = "elevadgang"
urlpatterns = [
    path("", classes.front, name="front"),
    path("administrator/", classes.administrator, name="administrator"),
    path("klasser/", classes.show, name="classes"),
    path("klasser/<int:pk>/", classes.group, name="group"),
    path("elever/<int:pk>/", pupils.show, name="pupil"),
    path("vinduer/", windows.show, name="windows"),
    path("vinduer/<int:pk>/", windows.large, name="window"),
    path("venterum/", waiting_room.show, name="waiting_room"),
    path("vikarer/", substitutes.show, name="substitutes"),
    path("historik/", history.show, name="history"),
]
