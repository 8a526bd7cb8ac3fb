"""When the way in is closed (D2.6)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text

CHANGED = dt.date(2026, 11, 21)

NO_ACCESS = Guide(
    slug="ingen-adgang",
    title=Text("Du får beskeden ”Ingen adgang”", "You get the message “No access”"),
    lead=Text(
        "Der kan være to grunde. Beskeden siger, hvilken det er.",
        "There can be two reasons. The message says which.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            title=Text("Brugernavn eller adgangskode er forkert", "User name or password is wrong"),
            points=(
                Text(
                    "Se efter, om store og små bogstaver er rigtige, og prøv igen.",
                    "Check upper and lower case letters, and try again.",
                ),
                Text(
                    "Har du glemt noget, så [find brugernavnet](#glemt-brugernavn) eller [få en ny "
                    "adgangskode](#glemt-adgangskode).",
                    "If you have forgotten something, [find the user name](#glemt-brugernavn) or [get a new "
                    "password](#glemt-adgangskode).",
                ),
                Text(
                    "Efter {failures} forkerte forsøg er der pause i {pause_minutes} minutter, og længere, hvis det "
                    "bliver ved. Det beskytter dig mod andre, der gætter. Gætter de et andet sted, kan du stadig "
                    "logge på i den browser, du plejer at bruge.",
                    "After {failures} wrong attempts, login is paused for {pause_minutes} minutes, and for longer if "
                    "it goes on. It protects you from others who guess. If they guess elsewhere, you can still log "
                    "in with the browser you usually use.",
                ),
                Text(
                    "Er du elev, så se, [hvem der kan hjælpe](#elev-hjaelp).",
                    "If you are a pupil, see [who can help](#elev-hjaelp).",
                ),
            ),
        ),
        Part(
            title=Text("Du har ikke ret til tjenesten", "You do not have access to the service"),
            before=(
                Text(
                    "Dit login er i orden, men tjenesten siger nej. Det er skolen, dagtilbuddet eller tjenesten "
                    "selv, der giver adgang. Spørg dér. Vi kan ikke ændre det.",
                    "Your login is fine, but the service does not let you in. Access is given by the school, the day "
                    "care or the service itself. Ask there. We cannot change it.",
                ),
            ),
        ),
    ),
    words=Text(
        "afvist kan ikke logge ind fejl forkert spærret pause",
        "refused cannot log in error wrong blocked pause",
    ),
    see_also=("ikke-tilknyttet", "glemt-adgangskode", "hvor-logger-jeg-paa"),
)

NOT_ATTACHED = Guide(
    slug="ikke-tilknyttet",
    title=Text("Du er ikke tilknyttet en institution", "You are not linked to any institution"),
    lead=Text(
        "Kontoen findes, men ingen skole og intet dagtilbud har dig på listen nu.",
        "The account exists, but no school or day care has you on its list now.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                Text(
                    "Bed skolen eller dagtilbuddet se efter, om du er indskrevet eller ansat i deres eget system.",
                    "Ask the school or day care to check that you are registered as enrolled or employed in its own "
                    "system.",
                ),
                Text(
                    "Er CPR-nummer, rolle og klasse rigtige dér? Ellers skal de rettes i det system, ikke hos os.",
                    "Check that CPR number, role and class are right there. If not, they have to be corrected in "
                    "that system, not here.",
                ),
                Text(
                    "Vent til næste dag. Vi henter ændringer hver nat, og senest efter et døgn kan du logge på.",
                    "Wait until the next day. We fetch changes every night, and after a day at most you can log in.",
                ),
            ),
        ),
    ),
    words=Text(
        "tilknytning indskrevet ansat flyttet skiftet skole",
        "attachment linked enrolled employed moved changed school",
    ),
    see_also=("ingen-adgang", "brugeradministration"),
)

WHERE = Guide(
    slug="hvor-logger-jeg-paa",
    title=Text("Hvor skal jeg logge på?", "Where do I log in?"),
    lead=Text(
        "Unilogin er nøglen. Dørene er de tjenester, som din skole eller dit dagtilbud har valgt.",
        "Unilogin is the key. The doors are the services that your school or day care has chosen.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            points=(
                Text(
                    "Nogle af tjenesterne står på [Mit Unilogin](mitunilogin:overview). Skolen kender resten.",
                    "Some of the services are listed on [Mit Unilogin](mitunilogin:overview). The school knows the "
                    "rest.",
                ),
                Text(
                    "Login på selve computeren er skolens eller kommunens eget. Spørg dér.",
                    "Logging in to the computer itself is the school's or municipality's own matter. Ask there.",
                ),
                Text(
                    "Kan du logge på her, men ikke i for eksempel Teams, Zoom eller Office 365, så kontakt skolen.",
                    "If you can log in here, but not in Teams, Zoom or Office 365 for example, contact the school.",
                ),
            ),
        ),
    ),
    words=Text("adresse link computer windows tjenester aula", "address link computer services aula"),
    see_also=("ingen-adgang", "vaelg-login"),
)

GROUP = Group(
    "problemer",
    Text("Når du ikke kan komme ind", "When you cannot get in"),
    Text(
        "Find ud af, hvor det går galt, og hvem der kan hjælpe.",
        "Find out where it goes wrong, and who can help.",
    ),
    (NO_ACCESS, NOT_ATTACHED, WHERE),
)
