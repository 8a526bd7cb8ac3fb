"""`import_users PATH... [--dry-run] [--json] [--workers N]`: load deliveries of people from files and folders.

Exit code 0 when every delivery was loaded or unchanged, 1 when one was refused, 2 for wrong use.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import connection

from institutions import services
from institutions.importing import report, sources
from institutions.importing.codes import IssueCode
from institutions.importing.report import RunReport


class Command(BaseCommand):
    help = "Load UNILoginImport deliveries (D1.2) from files, and from the .xml files in folders."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="work in N processes (PostgreSQL)")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[Path] = options["paths"]
        for path in paths:
            if not path.exists():
                raise CommandError(f"there is no file or folder {path}", returncode=2)
        if not any(sources.find(paths)):
            raise CommandError("there is no .xml file in there", returncode=2)
        workers = self._workers(options["workers"])
        started = time.perf_counter()
        reports = []
        for result in services.load_deliveries(paths, dry_run=options["dry_run"], workers=workers):
            reports.append(result)
            self._tell(result, with_rows=not options["json"])
        self._sum_up(reports, seconds=time.perf_counter() - started, as_json=options["json"])
        if not all(result.is_done for result in reports):
            sys.exit(1)

    def _workers(self, wanted: int) -> int:
        if wanted < 1:
            raise CommandError("--workers must be 1 or more", returncode=2)
        if wanted > 1 and connection.vendor != "postgresql":
            self.stderr.write("SQLite takes one writer at a time: working in one process.")
            return 1
        return wanted

    def _tell(self, result: RunReport, *, with_rows: bool) -> None:
        if result.message:
            self.stderr.write(result.message)
        if not with_rows:
            return
        self.stdout.write(result.line)
        for issue in result.issues:
            self.stdout.write(f"  {issue.line} {issue.local_id} {issue.code.value}: {IssueCode(issue.code).label}")

    def _sum_up(self, reports: list[RunReport], *, seconds: float, as_json: bool) -> None:
        totals = report.summary(reports, seconds=seconds)
        if as_json:
            self.stdout.write(json.dumps(totals, ensure_ascii=False, indent=2))
            return
        contacts = totals["contacts"]
        self.stdout.write(
            f"{totals['deliveries']} deliveries, {totals['rejected']} refused; {totals['persons']} persons:"
            f" {totals['created']} created, {totals['updated']} updated, {totals['unchanged']} unchanged,"
            f" {totals['ended']} ended; contact persons: {contacts['created']} created, {contacts['updated']} updated,"
            f" {contacts['unchanged']} unchanged, {contacts['ended']} ended; {totals['seconds']} s,"
            f" {totals['peak_rss_mb']} MB"
        )
