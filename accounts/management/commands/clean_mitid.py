"""`manage.py clean_mitid`: forget questions to MitID and answers that can no longer be used. For every night."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.activation import sp_services


class Command(BaseCommand):
    help = "Forget questions to MitID and answers that can no longer be used."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = sp_services.forget_old()
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in gone.items()))
