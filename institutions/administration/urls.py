from django.urls import path

from .views import cpr, deciding, limits, listing, runs, series

app_name = "useradmin"
urlpatterns = [
    path("", listing.show, name="runs"),
    path("<int:pk>/", runs.show, name="run"),
    path("<int:pk>/fremdrift/", runs.progress, name="progress"),
    path("<int:pk>/fejl.csv", runs.issues_csv, name="issues_csv"),
    path("<int:pk>/aendringer/", runs.changes, name="changes"),
    path("<int:pk>/aendringer.csv", runs.changes_csv, name="changes_csv"),
    path("<int:pk>/godkend/", deciding.decide, name="decide"),
    path("<int:pk>/tag-tilbage/", deciding.undo, name="undo"),
    path("serier/<int:pk>/", series.show, name="series"),
    path("serier/<int:pk>/omgaa/", series.bypass, name="bypass"),
    path("serier/<int:pk>/bekraeft/", series.confirm, name="confirm_series"),
    path("graenser/<slug:number>/", limits.show, name="limits"),
    path("graenser/<slug:number>/<slug:brake>/", limits.change, name="limit"),
    path("skift-cpr/", cpr.analyse, name="change_cpr"),
    path("skift-cpr/bekraeft/", cpr.confirm, name="confirm_cpr"),
]
