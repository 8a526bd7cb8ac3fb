from django.urls import path

from . import mail_views, views, waiting_views

app_name = "mitunilogin"
urlpatterns = [
    path("", views.show, name="overview"),
    path("historik/", views.show_history, name="history"),
    path("besked/", mail_views.choose, name="choose_mail"),
    path("besked/<str:token>/", mail_views.decline, name="decline_mail"),
    path("adgangskode/", views.change_password, name="change_password"),
    path("boern/<int:pk>/adgangskode/", views.help_child, name="help_child"),
    path("boern/venter/<int:pk>/", waiting_views.answer, name="answer_waiting"),
    path("enheder/<slug:pk>/log-af/", views.end_session, name="end_session"),
    path("enheder/log-af-andre/", views.end_other_sessions, name="end_other_sessions"),
    path("tjenester/<slug:slug>/", views.open_service, name="service"),
    path("proevetjeneste/<slug:slug>/", views.practice_service, name="practice_service"),
]
