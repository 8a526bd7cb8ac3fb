"""What Unilogin is, and what its words mean (D0.2, D2.4)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text

CHANGED = dt.date(2026, 11, 21)

WHAT = Guide(
    slug="hvad-er-unilogin",
    title=Text("Hvad er Unilogin?", "What is Unilogin?"),
    lead=Text(
        "Ét login, der følger dig fra dagtilbud gennem hele skolen.",
        "One login that follows you from day care through all of school.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            before=(
                Text(
                    "Unilogin er et brugernavn og en adgangskode, eller dit MitID. Det åbner de digitale tjenester, "
                    "som din skole eller dit dagtilbud bruger: læremidler, nationale test og prøver og for eksempel "
                    "Aula.",
                    "Unilogin is a user name and a password, or your MitID. It opens the digital services that your "
                    "school or day care uses: learning materials, national tests and examinations, and Aula for "
                    "example.",
                ),
            ),
            points=(
                Text(
                    "Elever i grundskolen har altid et, også hvor kommunen har sin egen login-løsning.",
                    "Pupils in school always have one, even where the municipality has its own login solution.",
                ),
                Text(
                    "Forældre og andre kontaktpersoner får et, når barnet er i skole eller i et tilsluttet dagtilbud.",
                    "Parents and other contact persons get one when the child is in school or in a connected "
                    "day-care centre.",
                ),
                Text(
                    "Lærere, pædagoger og andre ansatte får et gennem deres arbejdsplads.",
                    "Teachers, pedagogues and other employees get one through their workplace.",
                ),
            ),
            after=(
                Text(
                    "På [Mit Unilogin](mitunilogin:overview) ser du dit brugernavn, dine institutioner og et udvalg "
                    "af dine tjenester.",
                    "On [Mit Unilogin](mitunilogin:overview) you see your user name, your institutions and some of "
                    "your services.",
                ),
            ),
        ),
    ),
    words=Text("uni-login unilogin om forklaring digital id", "about explanation digital id"),
    see_also=("vaelg-login", "ordforklaring"),
)

GLOSSARY = Guide(
    slug="ordforklaring",
    title=Text("Ordforklaring", "Glossary"),
    lead=Text("De ord, du oftest møder her.", "The words you meet most often here."),
    changed=CHANGED,
    parts=(
        Part(
            terms=(
                (
                    Text("Anvisningsenhed", "Anvisningsenhed (assignment unit)"),
                    Text(
                        "Det sted i et dagtilbud, hvor børn får plads.",
                        "The unit of a day-care centre that children are assigned to.",
                    ),
                ),
                (
                    Text("Brugeradministrator", "Brugeradministrator (user administrator)"),
                    Text(
                        "Den medarbejder, der passer institutionens brugere i Unilogin.",
                        "The employee who manages the institution's users in Unilogin.",
                    ),
                ),
                (
                    Text("Dataaftale", "Dataaftale (data agreement)"),
                    Text(
                        "Institutionens tilladelse til, at et system henter eller sender data om dens brugere.",
                        "The institution's permission for a system to fetch or send data about its users.",
                    ),
                ),
                (
                    Text("Dagtilbudsansvarlig", "Dagtilbudsansvarlig (day-care officer)"),
                    Text(
                        "Den person i kommunen, der har ansvaret for dagtilbuddenes aftaler og brugere.",
                        "The person in the municipality who is responsible for the centres' agreements and users.",
                    ),
                ),
                (
                    Text("Elevadgang", "Elevadgang (pupil access)"),
                    Text(
                        "[Værktøjet](#elevadgang), hvor lærere giver elever en ny adgangskode og siger ja til "
                        "tjenester, der beder om en voksen.",
                        "[The tool](#elevadgang) in which teachers give pupils a new password, and say yes to services "
                        "that ask for an adult.",
                    ),
                ),
                (
                    Text("G-nummer", "G-nummer (G number)"),
                    Text("Et dagtilbuds nummer: G og fem tal.", "A day-care centre's number: G and five digits."),
                ),
                (
                    Text("Kontaktperson", "Kontaktperson (contact person)"),
                    Text(
                        "En forælder eller anden voksen, som institutionen har knyttet til et barn.",
                        "A parent or other adult whom the institution has linked to a child.",
                    ),
                ),
                (
                    Text("Loginvælger", "Loginvælger (login chooser)"),
                    Text(
                        "Siden, hvor du vælger mellem Unilogin og MitID.",
                        "The page where you choose between Unilogin and MitID.",
                    ),
                ),
                (
                    Text("MitID Erhverv", "MitID Erhverv (MitID for business)"),
                    Text(
                        "Et MitID, du bruger på din arbejdsplads' vegne.",
                        "A MitID that you use on behalf of your workplace.",
                    ),
                ),
                (
                    Text("Mit Unilogin", "Mit Unilogin (my Unilogin)"),
                    Text(
                        "Din egen side med brugernavn, roller og tjenester.",
                        "Your own page with user name, roles and services.",
                    ),
                ),
                (
                    Text("Pladsanvisningssystem", "Pladsanvisningssystem (placement system)"),
                    Text(
                        "Kommunens system med børn, forældre og ansatte i dagtilbud.",
                        "The municipality's system for children, parents and staff in day care.",
                    ),
                ),
                (
                    Text("Tilslutning", "Tilslutning (connection)"),
                    Text(
                        "Stedet, hvor leverandører beder om data, og institutioner svarer. Det er ikke åbent på denne "
                        "portal.",
                        "Where suppliers ask for data, and institutions answer. It is not open on this portal.",
                    ),
                ),
            ),
        ),
    ),
    words=Text("ordbog begreber betyder hvad er", "dictionary terms meaning glossary"),
    see_also=("hvad-er-unilogin",),
)

GROUP = Group(
    "om",
    Text("Om Unilogin", "About Unilogin"),
    Text("Hvad det er, og hvad ordene betyder.", "What it is, and what the words mean."),
    (WHAT, GLOSSARY),
)
