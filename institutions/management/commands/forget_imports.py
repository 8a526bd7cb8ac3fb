"""Forget what tells of old imports: the same that beat does each night."""

from typing import Any

from django.core.management.base import BaseCommand

from institutions import services


class Command(BaseCommand):
    help = "Delete changes, issues and runs of imports that are past their time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"rows: {services.forget_old_imports()}")
