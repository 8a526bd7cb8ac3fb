"""News is written in Django's administration, by operators."""

from typing import TYPE_CHECKING, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.models import User

from . import services
from .models import NewsItem

if TYPE_CHECKING:
    NewsAdmin = admin.ModelAdmin[NewsItem]
else:
    NewsAdmin = admin.ModelAdmin


@admin.register(NewsItem)
class NewsItemAdmin(NewsAdmin):
    """Items are taken down, not deleted: the feed's readers keep their addresses."""

    list_display = ("title_da", "published_at", "is_published")
    list_filter = ("is_published",)
    search_fields = ("title_da", "title_en", "summary_da", "summary_en")
    ordering = ("-published_at",)
    prepopulated_fields = {"slug": ("title_da",)}

    def has_delete_permission(self, request: HttpRequest, obj: NewsItem | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: NewsItem, form: "ModelForm[NewsItem]", change: bool) -> None:
        services.save_news(obj, by=cast(User, request.user))
