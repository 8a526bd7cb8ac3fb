"""News: what the front page and the feed tell."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class NewsQuerySet(models.QuerySet["NewsItem"]):
    def published(self) -> "NewsQuerySet":
        """What everybody may read now, newest first; an item with a time to come waits for it."""
        return self.filter(is_published=True, published_at__lte=timezone.now()).order_by("-published_at", "-pk")


class NewsItem(models.Model):
    """A piece of news, whole in both languages. The body is plain text; an empty line begins a paragraph."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_da = models.CharField(_("title in Danish"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    summary_da = models.CharField(_("summary in Danish"), max_length=240)
    summary_en = models.CharField(_("summary in English"), max_length=240)
    body_da = models.TextField(_("text in Danish"))
    body_en = models.TextField(_("text in English"))
    published_at = models.DateTimeField(_("published at"), default=timezone.now, db_index=True)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    is_published = models.BooleanField(_("published"), default=False)

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title_da="") & ~Q(title_en="") & ~Q(body_da="") & ~Q(body_en=""),
                name="news_is_whole_in_both_languages",
            ),
        ]

    def __str__(self) -> str:
        return self.title_da

    def get_absolute_url(self) -> str:
        return reverse("portal:news_item", args=[self.slug])

    @property
    def title(self) -> str:
        return self._in_page_language("title")

    @property
    def summary(self) -> str:
        return self._in_page_language("summary")

    @property
    def body(self) -> str:
        return self._in_page_language("body")

    def _in_page_language(self, name: str) -> str:
        text: str = getattr(self, f"{name}_{'en' if get_language() == 'en' else 'da'}")
        return text
