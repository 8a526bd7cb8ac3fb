"""Texts in both languages side by side, with a markup of two signs.

`**Næste**` is a button's or link's name as it stands on the page; `[words](portal:help)` is a link to a URL name, and
`[words](#slug)` one to another guide. Everything else is plain text.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
STRONG = re.compile(r"\*\*([^*]+)\*\*")
# What a text may name of the installation, as `{support_phone}`.
FACTS = {
    "authority": "AUTHORITY_NAME",
    "support_phone": "SUPPORT_PHONE",
    "support_email": "SUPPORT_EMAIL",
    "mitid_age": "MITID_MINIMUM_AGE",
    "password_days": "PASSWORD_LIFETIME_DAYS",
    "renewal_days": "PASSWORD_RENEWAL_DAYS",
    "warning_days": "PASSWORD_WARNING_DAYS",
    "failures": "LOGIN_FAILURES_BEFORE_PAUSE",
    "pause_minutes": "LOGIN_PAUSE_MINUTES",
    "window_minutes": "RESET_WINDOW_MINUTES",
    "step_up_minutes": "STEP_UP_MINUTES",
}
FACT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Text:
    """One text in Danish and in English."""

    da: str
    en: str

    def __str__(self) -> str:
        return self.in_language(get_language() or "da")

    def in_language(self, code: str) -> str:
        raw = self.en if code == "en" else self.da
        return FACT.sub(lambda fact: _fact(fact[1]), raw)

    def plain(self, code: str) -> str:
        """Return the text without its markup: for search and for feeds."""
        return STRONG.sub(r"\1", LINK.sub(r"\1", self.in_language(code)))

    @property
    def html(self) -> SafeString:
        """The text in the page's language, escaped and marked up."""
        marked = STRONG.sub(r"<strong>\1</strong>", str(conditional_escape(str(self))))
        return mark_safe(LINK.sub(_link, marked))  # noqa: S308  (escaped above; only our own tags are added)

    def targets(self, code: str) -> list[str]:
        """Return where the links of the text lead, as written."""
        return [target for _, target in LINK.findall(self.in_language(code))]


def _fact(name: str) -> str:
    if name == "support_tel":  # as a `tel:` link wants it (RFC 3966): without spaces
        return str(settings.SUPPORT_PHONE).replace(" ", "")
    return str(getattr(settings, FACTS[name]))


def _link(link: re.Match[str]) -> str:
    return f'<a href="{escape(address(link[2]))}">{link[1]}</a>'


def address(target: str) -> str:
    """Return the path behind a link's target: a guide's `#slug`, a URL name, or an address that stands by itself."""
    if target.startswith("#"):
        return reverse("portal:guide", args=[target[1:]])
    if target.startswith(("mailto:", "tel:", "https://")):
        return target
    return reverse(target)
