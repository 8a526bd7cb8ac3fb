"""`manage.py demo [--fresh]`: put the demo country into the database, and say whom one can be."""

import os
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.demo import loading, news, operator
from institutions.demo.cast import CAST


class Command(BaseCommand):
    help = "Load real institutions with invented people. Run again, it changes nothing that is already there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="empty the whole database first")

    def handle(self, *args: Any, fresh: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("The demo country exists only with DEBUG or DEMO."))
        folder = Path(settings.VAR_DIR) / "demo"
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
            call_command("flush", interactive=False, verbosity=0)
        self._load(folder)
        self._introduce()

    def _load(self, folder: Path) -> None:
        if loading.load_registers(folder):
            self.stdout.write(_("The institutions are in place."))
        if deliveries := loading.load_people(folder, timezone.now()):
            self.stdout.write(_("%(count)d deliveries of people are loaded.") % {"count": deliveries})
        news.write_news()
        call_command("demo_services", stdout=StringIO())
        if operator.appoint(os.environ.get("DEMO_OPERATOR_PASSWORD", "")):
            self.stdout.write(_("The operator %(username)s is appointed.") % {"username": operator.USERNAME})

    def _introduce(self) -> None:
        self.stdout.write("\n" + _("Who you can be in the demo country") + "\n")
        width = max(len(member.shown_name) for member in CAST)
        for member in CAST:
            self.stdout.write(f"  {member.shown_name:<{width}}  {member.who}")
            self.stdout.write(f"  {'':<{width}}  → {member.trial}")
