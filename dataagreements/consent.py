"""What the import asks of agreements: see `institutions/importing/consent.py`."""

from collections.abc import Collection

from django.utils import timezone

from .models import Agreement, WebService


def may_deliver(series: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of these pairs of institution number and source of which the system that delivers under the source
    has an effective import agreement with the institution now.
    """
    agreements = Agreement.objects.effective(timezone.localdate()).filter(
        service=WebService.IMPORT, institution__number__any_of=list({number for number, _ in series})
    )
    return set(agreements.values_list("institution__number", "system__import_source")).intersection(series)
