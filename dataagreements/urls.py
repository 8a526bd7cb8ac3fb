from django.urls import path

from .views import agreement, asking, clients, insight, notifications, providers, requests

app_name = "dataagreements"
urlpatterns = [
    path("", requests.front, name="front"),
    path("anmodninger/", requests.requests, name="requests"),
    path("anmodninger/bekraeft/", requests.change_status, name="change_status"),
    path("dataaftaler/", requests.agreements, name="agreements"),
    path("ophoert/", requests.ended, name="ended"),
    path("aftaler/<int:pk>/", agreement.show, name="agreement"),
    path("aftaler/<int:pk>/ophoer/", agreement.end, name="end"),
    path("aftaler/<int:pk>/databehandleraftale.pdf", agreement.contract, name="contract"),
    path("notifikationer/", notifications.notifications, name="notifications"),
    path("notifikationer/<int:pk>/fjern/", notifications.remove_address, name="remove_address"),
    path("notifikationer/bekraeft/<str:token>/", notifications.confirm_address, name="confirm_address"),
    path("notifikationer/afmeld/<str:token>/", notifications.stop_mails, name="stop_mails"),
    path("indsigt/", insight.show, name="insight"),
    path("udbyder/", providers.overview, name="providers"),
    path("udbyder/bliv/", providers.become, name="become_provider"),
    path("udbyder/sager/<slug:number>/", providers.case, name="provider_case"),
    path("udbyder/<int:pk>/systemer/nyt/", providers.new_system, name="new_system"),
    path("udbyder/<int:pk>/databehandleraftaler/", providers.contracts, name="contracts"),
    path("udbyder/systemer/<int:pk>/", providers.system, name="system"),
    path("udbyder/systemer/<int:pk>/ret/", providers.change_system, name="change_system"),
    path("udbyder/systemer/<int:pk>/skift/", providers.switch_system, name="switch_system"),
    path("udbyder/systemer/<int:pk>/tilslut/", providers.connect, name="connect"),
    path("udbyder/systemer/<int:pk>/adgang/", clients.new, name="new_client"),
    path("udbyder/systemer/<int:pk>/adgang/<int:client>/", clients.revoke, name="revoke_client"),
    path(
        "udbyder/systemer/<int:pk>/tilslutninger/<int:connection>/ophoer/",
        providers.end_connection,
        name="end_connection",
    ),
    path("udbyder/anmod/", asking.ask, name="ask"),
    path("udbyder/anmodninger/<int:pk>/", asking.batch, name="batch"),
    path("udbyder/anmodninger/<int:pk>/fremdrift/", asking.batch_progress, name="batch_progress"),
    path("udbyder/aftaler/", asking.agreements, name="provider_agreements"),
    path("udbyder/aftaler/<int:pk>/", asking.agreement, name="provider_agreement"),
    path("udbyder/aftaler/<int:pk>/databehandleraftale.pdf", asking.contract, name="provider_contract"),
]
