"""Do by hand what beat does of Tilslutning, each night and each week."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dataagreements import tasks

TASKS = {
    "nightly": tasks.nightly,
    "remind": tasks.remind,
    "digest": tasks.digest,
    "forget_old": tasks.forget_old,
    "send_unfinished": tasks.send_unfinished,
}


class Command(BaseCommand):
    help = "End agreements that are over, remind, write what waits, forget what is old, or send what was left unsent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task", choices=TASKS)

    def handle(self, *args: Any, task: str, **options: Any) -> None:
        TASKS[task]()
        self.stdout.write(f"{task}: done")
