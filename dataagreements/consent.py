"""What the import asks of agreements: see `institutions/importing/consent.py`."""

from django.utils import timezone

from .models import Agreement, WebService


def may_deliver(number: str, source: str) -> bool:
    """Whether the system that delivers under `source` has an effective import agreement with the institution now."""
    agreements = Agreement.objects.effective(timezone.localdate())
    return agreements.filter(
        service=WebService.IMPORT, institution__number=number, system__import_source=source
    ).exists()
