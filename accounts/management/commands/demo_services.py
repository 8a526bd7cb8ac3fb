"""Offer the demo country's services on Mit Unilogin."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.mitunilogin import demo


class Command(BaseCommand):
    help = "Offer the demo country's services on Mit Unilogin. Part of `manage.py demo`."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo country exists only with DEBUG or DEMO.")
        self.stdout.write(f"{demo.offer()} services")
