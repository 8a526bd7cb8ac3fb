"""When the guides were not enough."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text

SUPPORT = Guide(
    slug="support",
    title=Text("Kontakt support", "Contact support"),
    lead=Text(
        "Spørg først dér, hvor du hører til. Skolen eller dagtilbuddet kan hjælpe hurtigst med det meste.",
        "Ask your own school or day care first. They can help fastest with most things.",
    ),
    changed=dt.date(2026, 11, 21),
    note=Text(
        "Skriv aldrig en adgangskode eller et CPR-nummer i en mail. Vi beder dig aldrig om din adgangskode.",
        "Never write a password or CPR number in an email. We never ask for your password.",
    ),
    parts=(
        Part(
            title=Text("Elever, forældre og ansatte", "Pupils, parents and employees"),
            points=(
                Text(
                    "Elever: spørg din lærer. Se også, [hvem der kan hjælpe](#elev-hjaelp).",
                    "Pupils: ask your teacher. See also [who can help](#elev-hjaelp).",
                ),
                Text(
                    "Forældre: spørg skolens eller dagtilbuddets kontor.",
                    "Parents: ask the office of the school or day care.",
                ),
                Text("Ansatte: spørg jeres brugeradministrator.", "Employees: ask your user administrator."),
            ),
        ),
        Part(
            title=Text("Institutioner, kommuner og leverandører", "Institutions, municipalities and suppliers"),
            points=(
                Text(
                    "Ring til os på [{support_phone}](tel:{support_tel}), mandag til fredag kl. 8 til 15.",
                    "Call us at [{support_phone}](tel:{support_tel}), Monday to Friday from 8 to 15.",
                ),
                Text(
                    "Skriv til [{support_email}](mailto:{support_email}). Vi svarer inden for to arbejdsdage.",
                    "Write to [{support_email}](mailto:{support_email}). We answer within two working days.",
                ),
                Text(
                    "Oplys institutionens navn og nummer. Står der et nummer til support på siden, så tag det med.",
                    "State the institution's name and number. If the page shows a number for support, include it.",
                ),
            ),
        ),
    ),
    words=Text("telefon mail ring skriv kontaktformular hjælp hotline", "phone mail call write contact form help"),
    see_also=("ingen-adgang", "elev-hjaelp"),
)

GROUP = Group(
    "kontakt",
    Text("Kontakt", "Contact"),
    Text("Når vejledningerne ikke er nok.", "When the guides are not enough."),
    (SUPPORT,),
)
