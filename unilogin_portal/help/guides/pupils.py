"""For pupils (D3.2, D3.3). Main clauses of about ten words: many readers are children."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text
from .shared import (
    ASK_FOR_THE_NAME_PAGE,
    CHOOSE_UNILOGIN,
    CREATE_THE_FIRST_TIME,
    LOG_IN_WITH_MITID,
    PRESS_FINISH,
    TYPE_NAME,
)

CHANGED = dt.date(2026, 11, 21)

GET = Guide(
    slug="elev-faa-unilogin",
    title=Text("Få dit Unilogin som elev", "Get your Unilogin as a pupil"),
    lead=Text(
        "Du får et brugernavn, når du begynder i skole. Det følger dig hele vejen.",
        "You get a user name when you start school. It stays with you all the way.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            title=Text("Du har ikke MitID", "You do not have MitID"),
            points=(
                Text(
                    "Spørg din lærer. Skolen kan hjælpe dig med at finde det.",
                    "Ask your teacher. The school can help you find it.",
                ),
                Text(
                    "Din mor eller far kan også [finde det](#barnets-brugernavn) med MitID.",
                    "Your mother or father can also [find it](#barnets-brugernavn) with MitID.",
                ),
            ),
        ),
        Part(
            title=Text("Du er fyldt {mitid_age} år og har MitID", "You are {mitid_age} or older and have MitID"),
            steps=(
                CHOOSE_UNILOGIN,
                ASK_FOR_THE_NAME_PAGE,
                LOG_IN_WITH_MITID,
                CREATE_THE_FIRST_TIME,
                Text("Vælg **Mit eget brugernavn**.", "Choose **My own user name**."),
                PRESS_FINISH,
            ),
        ),
    ),
    words=Text("brugernavn skolestart første gang", "user name school start first time"),
    see_also=("elev-hjaelp", "foerste-adgangskode"),
)

FORGOT = Guide(
    slug="elev-glemt",
    title=Text("Jeg er elev og har glemt min adgangskode", "I am a pupil and have forgotten my password"),
    lead=Text("Det kan ske for alle. En voksen kan hjælpe dig.", "It can happen to anyone. An adult can help you."),
    changed=CHANGED,
    parts=(
        Part(
            points=(
                Text(
                    "Hjemme: din mor eller far bruger sit MitID. Vis dem [vejledningen](#ny-adgangskode-til-barn).",
                    "At home: your mother or father can use MitID. Show them [the guide](#ny-adgangskode-til-barn).",
                ),
                Text(
                    "I skolen: sig det til din lærer. Læreren kan give dig en ny adgangskode.",
                    "At school: tell your teacher. The teacher can give you a new password.",
                ),
                Text(
                    "Har du selv MitID? Så kan du [lave en ny](#glemt-adgangskode) med det samme.",
                    "Do you have MitID yourself? Then you can [create a new one](#glemt-adgangskode) at once.",
                ),
            ),
            after=(
                Text(
                    "Sig aldrig din adgangskode eller dine billeder til andre. Heller ikke til din lærer.",
                    "Never tell anyone your password or your pictures. Not even your teacher.",
                ),
            ),
        ),
    ),
    words=Text("kode huske væk billeder", "code remember lost pictures"),
    see_also=("elev-hjaelp", "krav-til-adgangskoden"),
)

WHO_HELPS = Guide(
    slug="elev-hjaelp",
    title=Text("Hvem kan hjælpe mig?", "Who can help me?"),
    lead=Text(
        "Det kommer an på, hvem du er, og om du har MitID.",
        "It depends on who you are, and on whether you have MitID.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            terms=(
                (
                    Text("Elev uden MitID", "Pupil without MitID"),
                    Text(
                        "Din lærer kan [give dig en ny](#elevadgang), og dine forældre kan hjælpe med deres "
                        "MitID. Kender du din nuværende adgangskode, kan du selv [skifte "
                        "den](#skift-adgangskode).",
                        "Your teacher can [give you a new one](#elevadgang), and your parents can help with their "
                        "MitID. If you know your current password, you can [change it](#skift-adgangskode) yourself.",
                    ),
                ),
                (
                    Text("Elev med MitID", "Pupil with MitID"),
                    Text(
                        "Du kan selv lave en ny adgangskode. Dine forældre kan også hjælpe med deres MitID.",
                        "You can create a new password yourself. Your parents can help too, with their MitID.",
                    ),
                ),
                (
                    Text("Forælder eller anden kontaktperson", "Parent or other contact person"),
                    Text(
                        "Du kan selv med MitID. Har du ikke MitID, så [spørg skolen eller "
                        "dagtilbuddet](#kontaktperson-uden-mitid).",
                        "You can do it yourself with MitID. Without MitID, [ask the school or day "
                        "care](#kontaktperson-uden-mitid).",
                    ),
                ),
                (
                    Text("Ansat", "Employee"),
                    Text(
                        "Du kan selv med MitID. Ingen på skolen kan give dig en adgangskode.",
                        "You can do it yourself with MitID. Nobody at the school can give you a password.",
                    ),
                ),
            ),
        ),
    ),
    words=Text("hjælp lærer forældre voksen", "help teacher parents adult"),
    see_also=("elev-glemt", "elevadgang"),
)

KNOWN = Guide(
    slug="elev-log-paa",
    title=Text("Log på som elev", "Log in as a pupil"),
    lead=Text(
        "Du skal bruge dit brugernavn og din adgangskode eller dine billeder.",
        "You need your user name and your password or your pictures.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                TYPE_NAME,
                Text(
                    "Skriv din adgangskode, og tryk **Næste**. Har du billeder, så vælg dine fire i den rigtige "
                    "rækkefølge.",
                    "Enter your password, and press **Next**. If you have pictures, choose your four in the right "
                    "order.",
                ),
                Text(
                    "Nu er du på **Mit Unilogin**. Her står dine tjenester.",
                    "You are now on **Mit Unilogin**. Your services are here.",
                ),
            ),
            after=(
                Text(
                    "Husk at trykke **Log af**, når du er færdig ved en computer, som andre også bruger.",
                    "Remember to press **Log out** when you have used a computer that others use too.",
                ),
            ),
        ),
    ),
    words=Text("logge ind login indtaste billeder", "sign in login type pictures"),
    see_also=("elev-glemt", "elev-hjaelp"),
)

GROUP = Group(
    "elever",
    Text("For elever", "For pupils"),
    Text("Sådan får og bruger du dit Unilogin.", "How to get and use your Unilogin."),
    (KNOWN, GET, FORGOT, WHO_HELPS),
)
