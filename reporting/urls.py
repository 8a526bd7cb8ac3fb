from django.urls import path

from .views import addresses, answering, campaigns, reminders, reports, statistics

app_name = "reporting"
urlpatterns = [
    path("", campaigns.front, name="front"),
    path("uger/", campaigns.campaigns, name="campaigns"),
    path("uger/<int:pk>/", campaigns.campaign, name="campaign"),
    path("uger/<int:pk>/nu/", campaigns.campaign_now, name="campaign_now"),
    path("uger/<int:pk>/ret/", campaigns.change, name="change_campaign"),
    path("uger/<int:pk>/skift/", campaigns.move, name="move_campaign"),
    path("uger/<int:pk>/paamind/", reminders.remind, name="remind"),
    path("svar-fra/<int:pk>/", reports.report, name="report"),
    path("svar-fra/<int:pk>/adresse/", reports.change_address, name="change_report_address"),
    path("svar-fra/<int:pk>/<slug:act>/", reports.act, name="act_on_report"),
    path("adresser/", addresses.addresses, name="addresses"),
    path("adresser/mange/", addresses.paste, name="paste_addresses"),
    path("adresser/<slug:code>/", addresses.change, name="change_address"),
    path("statistik/", statistics.statistics, name="statistics"),
    path("statistik/tal.<slug:extension>", statistics.statistics_file, name="statistics_file"),
    path("aabne-data/", statistics.open_data, name="open_data"),
    path("aabne-data/<slug:group>.<slug:extension>", statistics.open_file, name="open_file"),
    path("om-tallene/", statistics.about, name="about"),
    path("svar/<str:token>/", answering.answer, name="answer"),
    path("svar/<str:token>/trin/<slug:slug>/", answering.step, name="step"),
    path("svar/<str:token>/senere/", answering.later, name="later"),
    path("svar/<str:token>/gennemse/", answering.review, name="review"),
    path("svar/<str:token>/kvittering/", answering.receipt, name="receipt"),
    path("svar/<str:token>/svar.pdf", answering.pdf, name="pdf"),
    path("svar/<str:token>/ret/", answering.ask_reopening, name="ask_reopening"),
    path("nyt-link/", answering.lost_link, name="lost_link"),
    path("nyt-link/sendt/", answering.link_sent, name="link_sent"),
]
