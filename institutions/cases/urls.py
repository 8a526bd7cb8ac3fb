from django.urls import path

from .views import inbox, institution

app_name = "cases"
urlpatterns = [
    path("sager/", institution.overview, name="list"),
    path("sager/ny/", institution.choose, name="choose"),
    path("sager/ny/<slug:slug>/", institution.open_case, name="open"),
    path("sager/<slug:number>/", institution.show, name="case"),
    path("sager/<slug:number>/traek-tilbage/", institution.withdraw, name="withdraw"),
    path("stil/sager/", inbox.overview, name="inbox"),
    path("stil/sager/<slug:number>/", inbox.show, name="inbox_case"),
]
