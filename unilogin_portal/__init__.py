"""The portal: settings, URL table, and what all apps share in `lib`."""

from .celery import app as celery_app

__all__ = ["celery_app"]
