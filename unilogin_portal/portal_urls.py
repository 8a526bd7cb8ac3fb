"""The portal's own pages: front page, help, news, what the law asks for, and what machines ask for."""

from django.urls import path

from . import health, news, views
from .help import views as help_views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("hjaelp/", help_views.overview, name="help"),
    path("hjaelp/<slug:slug>/", help_views.guide, name="guide"),
    path("nyheder/", news.overview, name="news"),
    path("nyheder/atom.xml", news.feed, name="news_feed"),
    path("nyheder/<slug:slug>/", news.item, name="news_item"),
    path("was/", views.accessibility, name="accessibility"),
    path("cookies/", views.cookies, name="cookies"),
    path("privatliv/", views.privacy, name="privacy"),
    path("driftsstatus/", health.status_page, name="status"),
    path("sundhed/live", health.live, name="live"),
    path("sundhed/klar", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("favicon.svg", views.favicon, name="favicon"),
    path("favicon.ico", views.favicon, name="favicon_ico"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security"),
]
