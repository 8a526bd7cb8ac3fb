from django.urls import path

from .views import classes, giving, history, pupils, substitutes, waiting_room, windows

app_name = "elevadgang"
urlpatterns = [
    path("", classes.front, name="front"),
    path("administrator/", classes.administrator, name="administrator"),
    path("klasser/", classes.show, name="classes"),
    path("klasser/<int:pk>/", classes.group, name="group"),
    path("klasser/giv/", giving.among_found, name="give_found"),
    path("klasser/<int:pk>/giv/", giving.in_group, name="give"),
    path("klasser/<int:pk>/liste/", classes.printed, name="list"),
    path("elever/<int:pk>/", pupils.show, name="pupil"),
    path("elever/<int:pk>/giv/", pupils.give_one, name="give_one"),
    path("elever/<int:pk>/spaer/", pupils.block, name="block"),
    path("elever/<int:pk>/<slug:name>/", pupils.act, name="act"),
    path("vinduer/", windows.show, name="windows"),
    path("vinduer/<int:pk>/", windows.large, name="window"),
    path("vinduer/<int:pk>/luk/", windows.close, name="close_window"),
    path("vinduer/<int:pk>/igen/", windows.give_again, name="give_again"),
    path("venterum/", waiting_room.show, name="waiting_room"),
    path("venterum/nu/", waiting_room.now, name="waiting_now"),
    path("venterum/svar/", waiting_room.answer, name="answer_waiting"),
    path("vikarer/", substitutes.show, name="substitutes"),
    path("vikarer/<int:pk>/afslut/", substitutes.end, name="end_substitute"),
    path("historik/", history.show, name="history"),
]
