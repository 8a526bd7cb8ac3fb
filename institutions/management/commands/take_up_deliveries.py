"""`take_up_deliveries [--now]`: what beat starts at night and every five minutes, done at once and in this process.

Exit code 0 when every delivery was loaded, unchanged or held back, 1 when one was refused or put off.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser, no_translations
from django.db import OperationalError
from django.utils import timezone

from institutions import services
from institutions.importing.report import RunReport
from institutions.models import ImportDelivery, RunState


class Command(BaseCommand):
    help = "Take in what lies in the inbox, and load the deliveries that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now",
            action="store_true",
            help="load what came by day too, and files that may have been written only just now",
        )

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        at_once: bool = options["now"]
        reports = services.take_in_deliveries(at_once=at_once)
        put_off = 0
        for number, source in services.series_due(timezone.now(), everything=at_once):
            try:
                reports += services.load_series(number, source, everything=at_once)
            except (services.SeriesBusy, OperationalError) as error:
                put_off += 1
                self.stderr.write(f"{number} {source}: {type(error).__name__}; it waits on")
        for report in reports:
            self._tell(report)
        waiting = ImportDelivery.objects.count()
        self.stdout.write(f"{len(reports)} deliveries done, {waiting} waiting")
        if put_off or any(report.state == RunState.REJECTED for report in reports):
            sys.exit(1)

    def _tell(self, report: RunReport) -> None:
        if report.message:
            self.stderr.write(report.message)
        self.stdout.write(report.line)
