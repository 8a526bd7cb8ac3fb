from django.urls import path

from .views import classes

app_name = "elevadgang"
urlpatterns = [
    path("", classes.front, name="front"),
]
