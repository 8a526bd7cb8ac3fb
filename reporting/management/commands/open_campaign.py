"""Open a week's campaign by hand: `manage.py open_campaign [--week 2026-48]`."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reporting import campaigns, tasks
from reporting.weeks import Week
from unilogin_portal.lib.errors import DomainError


class Command(BaseCommand):
    help = "Open the campaign of a week, this one unless told otherwise, and send its links."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", default="", metavar="2026-48", help="an ISO week: year and number")

    def handle(self, *args: Any, week: str, **options: Any) -> None:
        now = timezone.now()
        try:
            campaign = campaigns.open_campaign(campaigns.plan(_week(week)), by=None, now=now)
        except DomainError as error:
            raise CommandError(str(error)) from error
        tasks.mail_soon(campaign)
        self.stdout.write(f"{campaign}: open, {campaign.reports.count()} respondents asked")


def _week(text: str) -> Week:
    if not text:
        return Week.of(timezone.localdate())
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", text)
    week = Week(int(found[1]), int(found[2])) if found else None
    try:
        if week and Week.of(week.days[0]) == week:
            return week
    except ValueError:
        pass
    raise CommandError(f"{text} is no ISO week such as 2026-48")
