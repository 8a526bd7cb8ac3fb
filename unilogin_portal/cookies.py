"""The cookies that the portal sets, for the page that tells of them (D9.3)."""

from dataclasses import dataclass

from django.conf import settings

from accounts import browsers
from accounts.activation import sp_browser
from accounts.login.answers import LAST_CHOICE_COOKIE

from .help.text import Text


@dataclass(frozen=True)
class Cookie:
    name: str
    purpose: Text
    occasion: Text
    lifetime: Text


def our_cookies() -> list[Cookie]:
    """Return every cookie by the name it has on this installation."""
    minutes = settings.SESSION_COOKIE_AGE // 60
    mitid = sp_browser.MAX_AGE // 60
    return [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            Text("Husker, at du er logget på.", "Remembers that you are logged in."),
            Text("Når du begynder at logge på.", "When you begin to log in."),
            Text(
                f"{minutes} minutter efter sidste klik, eller til du lukker browseren.",
                f"{minutes} minutes after the last click, or until you close the browser.",
            ),
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            Text(
                "Sikrer, at en formular kommer fra vores egen side.",
                "Makes sure that a form comes from our own page.",
            ),
            Text("Når en side har en formular.", "When a page has a form."),
            Text("Et år.", "A year."),
        ),
        Cookie(
            settings.LANGUAGE_COOKIE_NAME,
            Text("Husker det sprog, du har valgt.", "Remembers the language you chose."),
            Text("Når du vælger sprog.", "When you choose a language."),
            Text("Et år.", "A year."),
        ),
        Cookie(
            sp_browser.cookie_name(),
            Text(
                "Sikrer, at svaret fra MitID kommer til den browser, der spurgte.",
                "Makes sure that the answer from MitID comes to the browser that asked.",
            ),
            Text("Når du trykker Brug MitID.", "When you press Use MitID."),
            Text(f"{mitid} minutter.", f"{mitid} minutes."),
        ),
        Cookie(
            sp_browser.receipt_name(),
            Text(
                "Sikrer, at kun den browser, der fik svaret fra MitID, kan bruge det.",
                "Makes sure that only the browser that got the answer from MitID can use it.",
            ),
            Text("Når MitID har svaret.", "When MitID has answered."),
            Text("To minutter.", "Two minutes."),
        ),
        Cookie(
            browsers.cookie_name(),
            Text(
                "Kender browseren igen, så andres forkerte forsøg ikke spærrer for dig her. "
                "Den siger ikke, hvem du er.",
                "Knows the browser again, so that others' wrong attempts do not stop you here. "
                "It does not say who you are.",
            ),
            Text("Når du logger på.", "When you log in."),
            Text(f"{browsers.DAYS} dage efter sidste login.", f"{browsers.DAYS} days after the last login."),
        ),
        Cookie(
            LAST_CHOICE_COOKIE,
            Text(
                "Husker, om du sidst valgte Unilogin eller MitID, men ikke hvem du er.",
                "Remembers whether you last chose Unilogin or MitID, but not who you are.",
            ),
            Text("Når du logger på.", "When you log in."),
            Text("Til du lukker browseren.", "Until you close the browser."),
        ),
    ]
