"""Forget what no longer counts: the same that beat does each night."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts import reset_windows, services, step_ups
from accounts.activation import sp_services


class Command(BaseCommand):
    help = "Delete expired sessions, old failures, old MitID questions, and events past their retention."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = {**services.forget_what_is_old(), **sp_services.forget_old()}
        gone |= {"reset_windows": reset_windows.forget_old(), "step_ups": step_ups.forget_old()}
        for what, count in gone.items():
            self.stdout.write(f"{what}: {count}")
