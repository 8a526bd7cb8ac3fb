"""Five pieces of news for an empty portal, dated from today backwards."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from unilogin_portal.models import NewsItem
from unilogin_portal.services import save_news


@dataclass(frozen=True)
class _Text:
    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class _Story:
    slug: str
    days_ago: int
    danish: _Text
    english: _Text


STORIES = (
    _Story(
        "nyt-unilogin-til-foraeldre",
        1,
        _Text(
            "Forældre henter selv brugernavne med MitID",
            "Har du forældremyndighed, kan du se dine børns brugernavne og hjælpe dem til en ny adgangskode.",
            "Vælg Unilogin, og følg linket Få mit eller mit barns brugernavn under Andre muligheder. Du logger på med "
            "dit eget MitID og ser brugernavnene på de børn, du har forældremyndighed over.\n\n"
            "Mangler et barn på listen, er det barnets skole eller dagtilbud, der skal rette det i sit eget "
            "system. Rettelsen slår igennem efter næste natlige overførsel.",
        ),
        _Text(
            "Parents get user names themselves with MitID",
            "If you have custody, you can see your children's user names and help them get a new password.",
            "Choose Unilogin and follow the link Get my or my child's user name under Other options. You log in "
            "with your own MitID and see the user names of the children you have custody of.\n\n"
            "If a child is missing from the list, the child's school or day care has to correct it in its own system. "
            "The correction takes effect after the next nightly transfer.",
        ),
    ),
    _Story(
        "adgangskoder-gaelder-et-aar",
        9,
        _Text(
            "Adgangskoder for voksne gælder i et år",
            "Medarbejdere, forældre og elever fra 7. klasse ser på Mit Unilogin, når adgangskoden snart udløber.",
            "En adgangskode skal have 8 til 24 tegn med både store og små bogstaver og tal. Den må ikke indeholde "
            "dit navn eller en årstid, og du kan ikke bruge en af dine seneste fem adgangskoder igen.\n\n"
            "Lav en, du kan huske: to ord, der ikke hører sammen, og to tal er svære at gætte.",
        ),
        _Text(
            "Adults' passwords are valid for a year",
            "Employees, parents and pupils from grade 7 can see on Mit Unilogin when their password expires soon.",
            "A password must have 8 to 24 characters, with upper and lower case letters and digits. It must not "
            "contain your name or a season, and you cannot use one of your last five passwords again.\n\n"
            "Choose one you can remember: two unrelated words and two digits are hard to guess.",
        ),
    ),
    _Story(
        "nye-medarbejdere-dagen-efter",
        23,
        _Text(
            "Nye medarbejdere og elever får adgang dagen efter",
            "Skolens eller dagtilbuddets system sender hver nat, hvem der hører til. Det er altid dér, "
            "oplysninger rettes.",
            "Når I opretter en ny medarbejder eller elev, er brugeren klar i Unilogin efter næste natlige "
            "overførsel. Navne, klasser og kontaktpersoner rettes samme sted.\n\n"
            "Kan en bruger ikke logge på, så se først efter, om CPR-nummeret er tastet rigtigt.",
        ),
        _Text(
            "New employees and pupils get access the day after",
            "Every night, the school's or day care's system sends us its list of people. Data are always corrected "
            "there.",
            "When you enter a new employee or pupil, the user is ready in Unilogin after the next nightly "
            "transfer. Names, classes and contact persons are corrected in the same place.\n\n"
            "If a user cannot log in, check first that the CPR number was typed correctly.",
        ),
    ),
    _Story(
        "planlagt-vedligehold",
        41,
        _Text(
            "Planlagt vedligehold er gennemført",
            "Unilogin var lukket søndag kl. 5.00 til 5.40. Alt virker igen.",
            "Vi har flyttet databasen til nye maskiner. Ingen data gik tabt, og ingen skal skifte adgangskode.\n\n"
            "Næste planlagte lukketid bliver meldt ud her under Nyheder mindst en uge før.",
        ),
        _Text(
            "Planned maintenance is complete",
            "Unilogin was closed on Sunday from 5.00 to 5.40. Everything works again.",
            "We have moved the database to new machines. No data were lost, and nobody needs to change their "
            "password.\n\n"
            "The next planned downtime will be announced here under News at least a week before.",
        ),
    ),
    _Story(
        "nyt-skoleaar",
        76,
        _Text(
            "Nyt skoleår: tjek klasser og kontaktpersoner",
            "Elever flytter klasse, når skolens system gør. Se efter, om alle har den rigtige klasse og de "
            "rigtige voksne.",
            "Kravene til adgangskoden følger klassetrinnet. I vejledningen ”Hvad kræves der af en adgangskode?” kan "
            "I se, hvad der gælder i 4. og 7. klasse.\n\n"
            "Elever, der er stoppet, mister adgangen, når skolens system ikke længere sender dem.",
        ),
        _Text(
            "New school year: check classes and contact persons",
            "Pupils change class when they do so in the school's system. Check that everyone has the right class and "
            "the right adults.",
            "The rules for passwords depend on the grade. The guide “What are the rules for a password?” says what "
            "applies in grades 4 and 7.\n\n"
            "Pupils who have left lose their access when the school's system no longer sends them.",
        ),
    ),
)


def write_news() -> int:
    """Write the stories if there is no news yet; return how many were written."""
    if NewsItem.objects.exists():
        return 0
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    for story in STORIES:
        save_news(_item(story, morning - dt.timedelta(days=story.days_ago)), by=None)
    return len(STORIES)


def _item(story: _Story, at: dt.datetime) -> NewsItem:
    return NewsItem(
        slug=story.slug,
        title_da=story.danish.title,
        title_en=story.english.title,
        summary_da=story.danish.summary,
        summary_en=story.english.summary,
        body_da=story.danish.body,
        body_en=story.english.body,
        published_at=at,
        is_published=True,
    )
