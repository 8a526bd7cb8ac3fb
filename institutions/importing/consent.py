"""Whether a system may deliver people of an institution at all: not without an agreement of theirs.

Agreements stand above the institutions in the house, so what knows of them is named by the settings
(`IMPORT_CONSENT`), and asked at reception and again when a delivery is loaded.
"""

from collections.abc import Callable, Collection
from typing import TypeAlias

from django.conf import settings
from django.utils.module_loading import import_string

Series: TypeAlias = tuple[str, str]  # an institution's number, and the source that delivers it


def may_deliver(number: str, source: str) -> bool:
    """Whether the system that delivers under `source` has an agreement with this institution that counts now."""
    return bool(those_that_may([(number, source)]))


def those_that_may(series: Collection[Series]) -> Collection[Series]:
    """Return those of these series that may be delivered now: one question, however many they are."""
    ask: Callable[[Collection[Series]], Collection[Series]] = import_string(settings.IMPORT_CONSENT)
    return ask(series)


def of_everybody(series: Collection[Series]) -> Collection[Series]:
    """Stand in where agreements are not what is tried out; never in production, see `unilogin_portal/checks.py`."""
    return series
