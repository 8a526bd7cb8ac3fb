"""What changes the portal's own data."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User

from .models import NewsItem


@transaction.atomic
def save_news(item: NewsItem, *, by: User | None) -> NewsItem:
    """Write a news item, new or changed."""
    act = "news.changed" if item.pk else "news.written"
    item.changed_at = timezone.now()
    item.save()
    audit.record(act, item, by=by, slug=item.slug, published=item.is_published)
    return item
