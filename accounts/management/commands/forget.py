"""Forget what no longer counts: the same that beat does each night."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts import services
from accounts.activation import sp_services


class Command(BaseCommand):
    help = "Delete expired sessions, old failures, old MitID questions, and events past their retention."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, count in {**services.forget_what_is_old(), **sp_services.forget_old()}.items():
            self.stdout.write(f"{what}: {count}")
