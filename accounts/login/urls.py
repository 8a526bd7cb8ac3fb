from django.urls import path

from . import password_views, picture_views, renewal_views, step_up_views, views, window_views

app_name = "login"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("brugernavn/", views.username, name="username"),
    path("adgangskode/", views.password, name="password"),
    path("billeder/", picture_views.pictures, name="pictures"),
    path("vaelg-billede/", window_views.animal, name="animal"),
    path("foerste-adgangskode/", password_views.first_password, name="first_password"),
    path("ny-adgangskode/", password_views.new_password, name="new_password"),
    path("skift-adgangskode/", password_views.change, name="change"),
    path("skift-billeder/", picture_views.change, name="change_pictures"),
    path("glemt-adgangskode/", password_views.forgotten, name="forgotten"),
    path("besked/", password_views.told, name="told"),
    path("din-nye-adgangskode/", password_views.assigned, name="assigned"),
    path("egen-adgangskode/", password_views.own, name="own"),
    path("gentag/", password_views.repeat, name="repeat"),
    path("gentag-billeder/", picture_views.repeat, name="repeat_pictures"),
    path("skift-snart/", renewal_views.renew, name="renew"),
    path("skift-senere/", renewal_views.put_off, name="put_off"),
    path("faerdig/", password_views.done, name="done"),
    path("voksen/<slug:slug>/", step_up_views.wait, name="adult"),
    path("voksen/<slug:slug>/svar/", step_up_views.waited, name="adult_waited"),
    path("voksen/<slug:slug>/spoerg/", step_up_views.ask, name="adult_ask"),
    path("voksen/<slug:slug>/stop/", step_up_views.stop, name="adult_stop"),
    path("voksen/<slug:slug>/foraelder/", step_up_views.parent, name="adult_parent"),
    path("voksen-svar/", step_up_views.answered, name="adult_answered"),
    path("ingen-adgang/<slug:reason>/", views.turned_away, name="turned_away"),
    path("log-af/", views.log_out, name="out"),
    path("logget-af/", views.left, name="left"),
]
