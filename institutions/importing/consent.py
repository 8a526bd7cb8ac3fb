"""Whether a system may deliver people of an institution at all: not without an agreement of theirs.

Agreements stand above the institutions in the house, so what knows of them is named by the settings
(`IMPORT_CONSENT`), and asked at reception and again when a delivery is loaded.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string


def may_deliver(number: str, source: str) -> bool:
    """Whether the system that delivers under `source` has an agreement with this institution that counts now."""
    ask: Callable[[str, str], bool] = import_string(settings.IMPORT_CONSENT)
    return ask(number, source)


def of_everybody(number: str, source: str) -> bool:
    """Stand in where agreements are not what is tried out; never in production, see `unilogin_portal/checks.py`."""
    return True
