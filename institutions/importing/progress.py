"""Where a run under way has come to, for who is watching: in the cache, as nobody sees into its transaction."""

from enum import StrEnum

from django.core.cache import cache

from ..models import ImportRun

_SECONDS = 900


class Step(StrEnum):
    """What is being done with a delivery, in this order."""

    READING = "reading"
    COMPARING = "comparing"
    WRITING = "writing"


def tell(run: ImportRun, step: Step) -> None:
    cache.set(_key(run), step.value, _SECONDS)


def told(run: ImportRun) -> Step:
    """Return the step that was told last; a run of which nothing was told is being read."""
    return Step(cache.get(_key(run), Step.READING.value))


def _key(run: ImportRun) -> str:
    return f"import-progress:{run.pk}"
