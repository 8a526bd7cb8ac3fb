"""`end_old_series`: warn and end import series that nobody renews, as beat does every day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from institutions import services


class Command(BaseCommand):
    help = "Write to those whose import series was not renewed for eleven months, and end those of twelve (D1.8)."

    def handle(self, *args: Any, **options: Any) -> None:
        looked = services.end_old_series(timezone.now())
        self.stdout.write(f"{looked.warned} warned, {looked.ended} ended")
