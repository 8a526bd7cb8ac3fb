"""Background work. Without `REDIS_URL` the same tasks run at once, in the process that asks."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unilogin_portal.settings")

app = Celery("unilogin_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
