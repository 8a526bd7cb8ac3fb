"""Do by hand what beat does every five minutes: open, remind, close, and send what was left unsent."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting import tasks


class Command(BaseCommand):
    help = "Open, remind and close the campaigns whose time has come, and take up mails that were not sent."

    def handle(self, *args: Any, **options: Any) -> None:
        tasks.keep_time()
        self.stdout.write("keep_time: done")
