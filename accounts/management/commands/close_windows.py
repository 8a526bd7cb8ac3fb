"""`manage.py close_windows`: write down which windows and adults' words are over, as beat does every minute."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts import reset_windows, step_ups


class Command(BaseCommand):
    help = "Write down whose reset window, waiting or approval is over. Run again, it writes nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"reset_windows: {reset_windows.expire_overdue()}")
        self.stdout.write(f"step_ups: {step_ups.expire_overdue()}")
