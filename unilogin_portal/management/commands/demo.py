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

from accounts.models import User
from dataagreements import demo as agreements
from institutions.demo import cases, loading, news, operator
from institutions.demo.cast import CAST
from reporting import demo as sick_leave


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
        agreements.let_systems_deliver()
        if deliveries := loading.load_people(folder, timezone.now()):
            self.stdout.write(_("%(count)d deliveries of people are loaded.") % {"count": deliveries})
        agreements.ask_for_data()
        if sick_leave.report_some(timezone.now()):
            self.stdout.write(_("A week of sick-leave reports is open, and its mails are written."))
        news.write_news()
        cases.open_one()
        call_command("demo_services", stdout=StringIO())
        if new := operator.appoint(os.environ.get("DEMO_OPERATOR_PASSWORD", "")):
            self.stdout.write(_("The operators %(usernames)s are appointed.") % {"usernames": ", ".join(new)})

    def _introduce(self) -> None:
        self.stdout.write("\n" + _("Who you can be in the demo country") + "\n")
        width = max(len(member.shown_name) for member in CAST)
        for member in CAST:
            self.stdout.write(f"  {member.shown_name:<{width}}  {member.who}")
            self.stdout.write(f"  {'':<{width}}  → {member.trial}")
        self._introduce_operators(width)

    def _introduce_operators(self, width: int) -> None:
        """Tell of STIL's people where there are any, and of the case that they can try themselves on."""
        usernames = User.objects.filter(username__in=operator.USERNAMES).order_by("username")
        names = ", ".join(usernames.values_list("username", flat=True))
        if not names:
            return
        who = _("Supporters at STIL, with the password of DEMO_OPERATOR_PASSWORD")
        self.stdout.write(f"  {names:<{width}}  {who}")
        if case := cases.open_one():
            trial = _("Case %(number)s waits for two supporters: approve it as one, then as the other")
            self.stdout.write(f"  {'':<{width}}  → {trial % {'number': case.number}}")
