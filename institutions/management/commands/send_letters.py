"""`manage.py send_letters`: take up what approved cases still wait for, as the worker does every five minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from institutions import tasks


class Command(BaseCommand):
    help = "Send the letters of approved cases. Run again, it sends nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        tasks.send_letters()
