"""What the law asks a public site to tell: accessibility and privacy."""

import datetime as dt

from .guide import Guide, Part
from .text import Text

ACCESSIBILITY = Guide(
    slug="was",
    title=Text("Tilgængelighedserklæring", "Accessibility statement"),
    lead=Text("Alle skal kunne bruge Unilogin.", "Everybody should be able to use Unilogin."),
    changed=dt.date(2026, 11, 14),
    parts=(Part(before=(Text("Ring til {support_phone}.", "Call {support_phone}."),)),),
)
PRIVACY = Guide(
    slug="privatliv",
    title=Text("Privatliv", "Privacy"),
    lead=Text("Sådan behandler vi dine data.", "How we treat your data."),
    changed=dt.date(2026, 11, 14),
    parts=(Part(before=(Text("Skriv til {support_email}.", "Write to {support_email}."),)),),
)
