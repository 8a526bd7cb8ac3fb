"""What state a thing is in, as a page shows it: an icon and a word, never a colour alone."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Tone = Literal["wait", "ok", "bad", "info", "off"]

ICONS: dict[str, str] = {"wait": "hourglass", "ok": "success", "bad": "close", "info": "time", "off": "minus"}


@dataclass(frozen=True)
class Status:
    """A state to show. `icon` is a name in the design system's sprite; left empty, the tone's own is used."""

    tone: Tone
    text: str | Promise
    icon: str = ""

    @property
    def icon_name(self) -> str:
        return self.icon or ICONS[self.tone]
