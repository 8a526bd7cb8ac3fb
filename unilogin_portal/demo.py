"""News for the demo country: what is new in the portal that stands there."""

import datetime as dt

from django.utils import timezone

from . import services
from .models import NewsItem

# Days ago, address, then title, summary and text in Danish and in English.
NEWS = (
    (
        1,
        "hvem-har-set-og-aendret",
        (
            "Du kan nu se, hvem der har set og ændret noget om dit barn",
            "Listen står på Mit Unilogin under ”Hvem har set og ændret”.",
            "På Mit Unilogin kan du se, hvornår nogen har set eller ændret noget om dig og dine børn, og hvilken "
            "rolle og institution det var.\n\nDu ser ikke den ansattes navn. Undrer noget dig, så spørg skolen "
            "eller dagtilbuddet.",
        ),
        (
            "You can now see who has looked at or changed anything about your child",
            "The list is on Mit Unilogin under “Who has seen and changed”.",
            "On Mit Unilogin you can see when somebody has looked at or changed anything about you and your "
            "children, and which role and institution it was.\n\nYou do not see the employee's name. If something "
            "puzzles you, ask the school or day care.",
        ),
    ),
    (
        9,
        "hjaelp-paa-dansk-og-engelsk",
        (
            "Vejledningerne er skrevet om, på dansk og engelsk",
            "Søg efter det, der driller, eller find vejledningen under Hjælp.",
            "Alle vejledninger er kortere og følger siderne knap for knap. Ordene med fed skrift står præcis sådan "
            "på siderne.\n\nDu skifter sprog øverst på siden. Valget bliver husket.",
        ),
        (
            "The guides are rewritten, in Danish and English",
            "Search for what is in your way, or find the guide under Help.",
            "All guides are shorter and follow the pages button by button. The words in bold appear on the pages "
            "exactly like that.\n\nYou change language at the top of the page. The choice is remembered.",
        ),
    ),
    (
        19,
        "brugernavn-med-mitid",
        (
            "Få dit brugernavn på et par minutter med MitID",
            "Forældre, ansatte og elever med MitID kan selv hente brugernavnet.",
            "Vælg ”Få mit eller mit barns brugernavn”, log på med MitID, og skriv brugernavnet ned.\n\nForældre kan "
            "også se deres børns brugernavne og hjælpe dem med en ny adgangskode.",
        ),
        (
            "Get your user name in a few minutes with MitID",
            "Parents, employees and pupils with MitID can fetch the user name themselves.",
            "Choose “Get my or my child's user name”, log in with MitID, and write the user name down.\n\nParents "
            "can also see their children's user names and help them to a new password.",
        ),
    ),
)


def seed_news() -> int:
    """Write the demo's news where they are not there yet; return how many were written."""
    held = set(NewsItem.objects.values_list("slug", flat=True))
    missing = [entry for entry in NEWS if entry[1] not in held]
    for days_ago, slug, danish, english in missing:
        item = NewsItem(slug=slug, is_published=True, published_at=timezone.now() - dt.timedelta(days=days_ago))
        item.title_da, item.summary_da, item.body_da = danish
        item.title_en, item.summary_en, item.body_en = english
        services.save_news(item, by=None)
    return len(missing)
