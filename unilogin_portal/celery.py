"""Background work. Without `REDIS_URL` the same tasks run at once, in the process that asks."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unilogin_portal.settings")

app = Celery("unilogin_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**kwargs: Any) -> None:
    """Workers and beat log as the web does, as `LOGGING` says: Celery would set up its own in its place."""
