"""The message catalogue: `messages update`, `messages check`, `messages compile`, `messages merge FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from unilogin_portal import catalogue


class Command(BaseCommand):
    help = "Extract, check, merge and compile the Danish message catalogue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["update", "check", "compile", "merge"])
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        act = options["act"]
        if act == "update":
            self.stdout.write(f"{catalogue.update()} messages without a translation")
        elif act == "compile":
            catalogue.compile_catalogue()
        elif act == "merge":
            if options["file"] is None:
                raise CommandError("merge takes a file")
            catalogue.merge(options["file"])
            catalogue.compile_catalogue()
        else:
            findings = catalogue.check().lines()
            if findings:
                raise CommandError("\n".join(["the Danish catalogue is not whole:", *findings]))
            self.stdout.write("messages: whole")
