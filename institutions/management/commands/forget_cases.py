"""Forget old cases: the same that beat does each night."""

from typing import Any

from django.core.management.base import BaseCommand

from institutions.cases import services


class Command(BaseCommand):
    help = "Delete cases that have been over for as long as their kind is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"cases: {services.forget_old()}")
