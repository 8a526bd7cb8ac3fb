"""What runs in the background."""

from pathlib import Path

from celery import shared_task

from . import services


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def import_delivery(path: str) -> None:
    """Load the delivery in this file. Safe to run twice: what was loaded is known by its hash."""
    for _ in services.load_deliveries([Path(path)]):
        pass
