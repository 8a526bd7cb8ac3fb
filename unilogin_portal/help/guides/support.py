"""When the guides were not enough."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text

SUPPORT = Guide(
    slug="support",
    title=Text("Kontakt support", "Contact support"),
    lead=Text("Her finder du den, der kan hjælpe dig.", "Here you find who can help you."),
    changed=dt.date(2026, 11, 14),
    parts=(Part(before=(Text("Ring til {support_phone}.", "Call {support_phone}."),)),),
)
GROUP = Group("kontakt", Text("Kontakt", "Contact"), Text("Hvem kan hjælpe?", "Who can help?"), (SUPPORT,))
