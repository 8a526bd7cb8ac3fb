"""Connecting a day-care centre, by who owns it (D5.2, D5.7)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text

CHANGED = dt.date(2026, 11, 21)

MASTER_DATA = Text(
    "Kommunen ser efter, at børn, forældre og ansatte står rigtigt i pladsanvisningssystemet.",
    "The municipality makes sure that children, parents and staff are registered correctly in its placement system.",
)
GUIDE_PEOPLE = Text(
    "Den dagtilbudsansvarlige hjælper ansatte og forældre i gang. Vis dem [brugernavn som ansat](#brugernavn-ansat) "
    "og [brugernavn som forælder](#brugernavn-foraelder).",
    "The day-care officer helps staff and parents get started. Show them [user name as an "
    "employee](#brugernavn-ansat) and [user name as a parent](#brugernavn-foraelder).",
)
ASK_WHETHER_LOADED = Text(
    "Vil kommunen vide, om brugerne er indlæst, så [kontakt support](#support).",
    "If the municipality wants to know whether the users are loaded, [contact support](#support).",
)
WORDS = Text(
    "tilslutning børnehave vuggestue dagtilbud institutionsnummer aula pladsanvisning",
    "connect kindergarten nursery institution number aula placement",
)

MUNICIPAL = Guide(
    slug="tilslut-kommunalt-dagtilbud",
    title=Text("Tilslut et kommunalt dagtilbud", "Connect a municipal day-care centre"),
    lead=Text(
        "Kommunen gør arbejdet for alle sine dagtilbud.",
        "The municipality does the work for all its centres.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                MASTER_DATA,
                Text(
                    "Leverandøren af pladsanvisningssystemet og Aula beder kommunen om en dataaftale.",
                    "The supplier of the placement system and Aula ask the municipality for a data agreement.",
                ),
                Text(
                    "Kommunens dagtilbudsansvarlige [godkender anmodningerne](#godkend-dataaftale).",
                    "The municipality's day-care officer [approves the requests](#godkend-dataaftale).",
                ),
                ASK_WHETHER_LOADED,
                GUIDE_PEOPLE,
            ),
        ),
    ),
    words=WORDS,
    see_also=("godkend-dataaftale", "tilslut-selvejende-dagtilbud"),
)

SELF_OWNING = Guide(
    slug="tilslut-selvejende-dagtilbud",
    title=Text("Tilslut et selvejende dagtilbud", "Connect a self-governing day-care centre"),
    lead=Text(
        "Kommunen passer data, men dagtilbuddet godkender selv dataaftalerne.",
        "The municipality keeps the data, but the centre itself approves the data agreements.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                MASTER_DATA,
                Text(
                    "Leverandøren af pladsanvisningssystemet og Aula beder dagtilbuddet om en dataaftale.",
                    "The supplier of the placement system and Aula ask the centre for a data agreement.",
                ),
                Text(
                    "En medarbejder i dagtilbuddet [godkender anmodningerne](#godkend-dataaftale).",
                    "An employee of the centre [approves the requests](#godkend-dataaftale).",
                ),
                ASK_WHETHER_LOADED,
                GUIDE_PEOPLE,
            ),
        ),
    ),
    words=WORDS,
    see_also=("godkend-dataaftale", "tilslut-kommunalt-dagtilbud"),
)

PRIVATE = Guide(
    slug="tilslut-privat-dagtilbud",
    title=Text("Tilslut et privat dagtilbud", "Connect a private day-care centre"),
    lead=Text(
        "Som privat dagtilbud har I selv ansvaret for hvert skridt. Tag dem i denne rækkefølge.",
        "As a private centre you are responsible for every step yourselves. Take them in this order.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            title=Text("1. Få et institutionsnummer", "1. Get an institution number"),
            before=(
                Text(
                    "Slå jer selv op i Dagtilbudsregisteret. I skal bruge G-nummeret på jeres anvisningsenhed eller "
                    "alternative adresse. Har I et, så gå til punkt 2.",
                    "Look up your centre in the Dagtilbudsregister. You need the G number of your assignment unit "
                    "or alternative address. If you have one, go to point 2.",
                ),
                Text(
                    "Ellers skriv til [support](#support), og oplys det hele:",
                    "If not, write to [support](#support), and state all of this:",
                ),
            ),
            points=(
                Text("CVR-nummer og P-nummer", "CVR number and P number"),
                Text("navn, adresse og kommune", "name, address and municipality"),
                Text("mail og telefon", "email and telephone"),
                Text(
                    "lovgrundlag: dagtilbudslovens § 19, stk. 2 (kommunal), stk. 3 (selvejende) eller stk. 5 (privat)",
                    "legal basis: section 19 of the day-care act, subsection 2 (municipal), 3 (self-governing) or 5 "
                    "(private)",
                ),
                Text(
                    "type: 6010 (omkring 0-2 år), 6011 (omkring 3-5 år) eller 6012 (omkring 0-5 år)",
                    "type: 6010 (about 0 to 2 years), 6011 (about 3 to 5) or 6012 (about 0 to 5)",
                ),
            ),
        ),
        Part(
            title=Text("2. Skaf et administrativt system", "2. Get an administrative system"),
            before=(
                Text(
                    "Jeres brugere skal stå i et system, der kan sende data til os. Spørg kommunen, eller køb "
                    "adgang hos en leverandør, og indgå en databehandleraftale.",
                    "Your users must be registered in a system that can send us data. Ask the municipality, or buy "
                    "access from a supplier, and conclude a data processing agreement.",
                ),
            ),
        ),
        Part(
            title=Text("3. Få MitID Erhverv og retten", "3. Get MitID Erhverv and the right"),
            before=(
                Text(
                    "Én medarbejder skal have MitID Erhverv og retten til at administrere aftaler i Tilslutning. "
                    "Hjælp til MitID Erhverv får I hos Erhvervsstyrelsen.",
                    "One employee needs MitID Erhverv and the right to administer agreements in Tilslutning. The "
                    "Danish Business Authority helps with MitID Erhverv.",
                ),
            ),
        ),
        Part(
            title=Text("4. Godkend leverandøren", "4. Approve the supplier"),
            before=(
                Text(
                    "Leverandøren beder om dataadgang, og medarbejderen [godkender](#godkend-dataaftale).",
                    "The supplier asks for data access, and the employee [approves](#godkend-dataaftale).",
                ),
            ),
        ),
        Part(
            title=Text("5. Skriv brugerne ind", "5. Register the users"),
            before=(
                Text(
                    "Data sendes som regel én gang i døgnet. Cirka et døgn efter kan ansatte og forældre [få deres "
                    "brugernavn](#glemt-brugernavn). Hjælp til selve systemet får I hos dets leverandør.",
                    "Data are usually sent once a day. About a day later, staff and parents can [get their user "
                    "names](#glemt-brugernavn). The supplier helps with the system itself.",
                ),
            ),
        ),
    ),
    words=WORDS,
    see_also=("godkend-dataaftale", "sprogvurdering", "dagtilbudsregister"),
)

REGISTER = Guide(
    slug="dagtilbudsregister",
    title=Text("Dagtilbudsregisteret: numre og ansvar", "The Dagtilbudsregister: numbers and responsibility"),
    lead=Text(
        "Alle dagtilbud i landet har et nummer her.",
        "Every day-care centre in the country has a number here.",
    ),
    changed=CHANGED,
    note=Text(
        "Registeret kan ikke slås op på denne portal. [Kontakt support](#support), hvis I mangler et nummer.",
        "The register cannot be looked up on this portal. [Contact support](#support) if you are missing a number.",
    ),
    parts=(
        Part(
            terms=(
                (
                    Text("Daginstitution", "Daginstitution"),
                    Text(
                        "Enheden med forældrebestyrelsen. Den har ingen brugere i Unilogin.",
                        "The unit with the parents' board. It has no users in Unilogin.",
                    ),
                ),
                (
                    Text("Anvisningsenhed", "Anvisningsenhed"),
                    Text(
                        "Dér, hvor børn får plads. Dens G-nummer bruges til Unilogin og dataaftaler.",
                        "Where children are given a place. Its G number is used for Unilogin and data agreements.",
                    ),
                ),
                (
                    Text("Alternativ adresse", "Alternativ adresse"),
                    Text(
                        "En ekstra adresse under en anvisningsenhed. Dens G-nummer kan også bruges.",
                        "A further address of an assignment unit. Its G number can be used too.",
                    ),
                ),
            ),
            after=(
                Text(
                    "Kommunen opretter, ændrer og nedlægger kommunale og selvejende dagtilbud. Private skriver til "
                    "[support](#support). Et nummer bruges aldrig igen.",
                    "The municipality creates, changes and closes municipal and self-governing centres. Private ones "
                    "write to [support](#support). A number is never used again.",
                ),
            ),
        ),
    ),
    words=Text("g-nummer register institutionsnummer anvisningsenhed", "g number register institution number"),
    see_also=("tilslut-privat-dagtilbud", "forvaltningsinstitution"),
)

GROUP = Group(
    "dagtilbud",
    Text("Tilslut et dagtilbud", "Connect a day-care centre"),
    Text("Vejen afhænger af, hvem der ejer dagtilbuddet.", "How it is done depends on who owns the centre."),
    (MUNICIPAL, SELF_OWNING, PRIVATE, REGISTER),
)
