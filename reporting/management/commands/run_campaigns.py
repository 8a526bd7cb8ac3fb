"""Do by hand what beat does every five minutes: open, remind, close, send what was left unsent, read what came back."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting import tasks


class Command(BaseCommand):
    help = (
        "Open, remind and close the campaigns whose time has come; send mails that were not, and read what came back."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        tasks.keep_time()
        tasks.take_in_bounces()
        self.stdout.write("keep_time: done")
