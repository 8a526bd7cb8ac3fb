"""Print fresh secrets for an environment file."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print a new SECRET_KEY and a new CPR_KEY, as lines for an environment file."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"SECRET_KEY={secrets.token_urlsafe(64)}")
        self.stdout.write(f"CPR_KEY=k{secrets.token_hex(2)}:{secrets.token_hex(64)}")
