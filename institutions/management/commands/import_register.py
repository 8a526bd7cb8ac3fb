"""`import_register institutionsregister|dagtilbudsregister FILE`: load a register's extract.

Exit code 0 when the file was loaded (rows left out are listed), 1 when it was refused, 2 for wrong use.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from institutions import services
from institutions.models import Register
from institutions.registers.extract import ExtractRejected


class Command(BaseCommand):
    help = "Load an extract of the Institutionsregister or the Dagtilbudsregister (D5.2, D5.3)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("register", choices=Register.values)
        parser.add_argument("file", type=Path)

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"there is no file {file}", returncode=2)
        try:
            loaded = services.load_register(Register(options["register"]), file)
        except ExtractRejected as rejection:
            raise CommandError(rejection.message(file.name)) from None
        for issue in loaded.issues:
            self.stdout.write(f"{file.name}, line {issue.line}: {issue.number} {issue.code.value}: {issue.code.label}")
        self.stdout.write(
            f"{file.name}: {loaded.rows} rows, {loaded.created} created, {loaded.updated} updated,"
            f" {loaded.unchanged} unchanged, {len(loaded.issues)} left out"
        )
