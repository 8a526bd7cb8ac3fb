"""For those who make services and systems (D1.3, D2, D4.3)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text

CHANGED = dt.date(2026, 11, 21)

BECOME = Guide(
    slug="leverandoer",
    title=Text("Bliv leverandør, og bed om data", "Become a supplier, and ask for data"),
    lead=Text(
        "Tre aftaler skal være på plads, før data flytter sig.",
        "Three agreements must be in place before any data move.",
    ),
    changed=CHANGED,
    note=Text(
        "Tilslutning er ikke åben på denne portal. Begynd hos [support](#support).",
        "Tilslutning is not open on this portal. Begin with [support](#support).",
    ),
    parts=(
        Part(
            title=Text("Sådan begynder I", "How to begin"),
            steps=(
                Text(
                    "Skriv til [support](#support) med emnet ”Opret Udbyder”, og oplys navn, CVR-nummer og P-nummer.",
                    "Write to [support](#support) with the subject “Opret Udbyder”, and state name, CVR number and "
                    "P number.",
                ),
                Text(
                    "Vent på bekræftelsen, og giv den medarbejder, der skal passe aftalerne, MitID Erhverv med "
                    "retten til Tilslutning.",
                    "Wait for the confirmation, and give the employee who manages the agreements MitID Erhverv with "
                    "the right to Tilslutning.",
                ),
                Text(
                    "Opret jeres system, og indgå en tilslutningsaftale for hver webservice, I vil bruge.",
                    "Register your system, and conclude a connection agreement for each web service you want to use.",
                ),
                Text(
                    "Indgå en databehandleraftale med hver institution, og send den så en anmodning om dataadgang.",
                    "Conclude a data processing agreement with each institution, and then send it a request for "
                    "data access.",
                ),
            ),
        ),
        Part(
            title=Text("De tre aftaler", "The three agreements"),
            terms=(
                (
                    Text("Tilslutningsaftale", "Connection agreement"),
                    Text("Mellem jer og os, om en webservice.", "Between you and us, about a web service."),
                ),
                (
                    Text("Dataaftale", "Data agreement"),
                    Text(
                        "Institutionens ja til, at jeres system henter eller sender bestemte data.",
                        "The institution's consent to your system fetching or sending certain data.",
                    ),
                ),
                (
                    Text("Databehandleraftale", "Data processing agreement"),
                    Text(
                        "Mellem jer og institutionen. Vi er ikke part i den.",
                        "Between you and the institution. We are not a party to it.",
                    ),
                ),
            ),
        ),
    ),
    words=Text("udbyder udbydersystem anmodning system aftale passivt", "provider system request agreement"),
    see_also=("data-og-login", "godkend-dataaftale"),
)

DATA_AND_LOGIN = Guide(
    slug="data-og-login",
    title=Text("Data og login for leverandører", "Data and login for suppliers"),
    lead=Text(
        "Bed om så lidt som muligt. De fleste tjenester kan nøjes med at vide, at en elev må komme ind.",
        "Ask for as little as possible. Most services only need to know that a pupil may come in.",
    ),
    changed=dt.date(2026, 11, 22),
    note=Text(
        "Login for tjenester er ikke åbent på denne portal. [Kontakt support](#support), når I planlægger.",
        "Login for services is not open on this portal. [Contact support](#support) when you start planning.",
    ),
    parts=(
        Part(
            title=Text("Tre pakker med data", "Three packages of data"),
            terms=(
                (
                    Text("Lille", "Small"),
                    Text("Navn, bruger-id, rolle, klasse og hold.", "Name, user id, role, class and groups."),
                ),
                (
                    Text("Mellem", "Medium"),
                    Text(
                        "Som Lille og mail, fødselsdag og køn. CPR-nummer kun med lovhjemmel.",
                        "As Small, and email, birthday and gender. CPR number only with a basis in law.",
                    ),
                ),
                (
                    Text("Fuld", "Full"),
                    Text(
                        "Som Mellem og adresse, telefon og kontaktpersoner.",
                        "As Medium, and address, telephone and contact persons.",
                    ),
                ),
            ),
        ),
        Part(
            title=Text("Levering af brugere", "Delivering users"),
            points=(
                Text(
                    "Én fil for hver institution hver nat med alle dens brugere, ikke kun ændringerne.",
                    "One file for each institution every night with all of its users, not only the changes.",
                ),
                Text(
                    "Formatet er UNILoginImport 7. Prøv jeres filer mod [skemaet](import_api:schema), før I sender "
                    "dem. Det fortæller også, hvad et skema ikke kan se.",
                    "The format is UNILoginImport 7. Try your files against [the schema](import_api:schema) before you "
                    "send them. It also tells what a schema cannot see.",
                ),
                Text(
                    "Længder tælles i byte: æ, ø og å fylder to.",
                    "Lengths are counted in bytes: æ, ø and å take two.",
                ),
            ),
        ),
        Part(
            title=Text("Login", "Login"),
            points=(
                Text(
                    "OpenID Connect med Authorization Code og PKCE (S256).",
                    "OpenID Connect with Authorization Code and PKCE (S256).",
                ),
                Text(
                    "I får et id, der kun gælder hos jer. Navn og mail følger ikke med.",
                    "You get an id that is valid only for you. Name and email are not included.",
                ),
                Text(
                    "Brug aldrig brugernavnet som nøgle. Brug id'et: det er det samme, så længe brugeren findes.",
                    "Never use the user name as a key. Use the id: it is the same for as long as the user exists.",
                ),
            ),
        ),
    ),
    words=Text(
        "webservice oidc saml broker eksport import xml xsd fil pakke api",
        "web service oidc saml broker export import xml xsd file package api",
    ),
    see_also=("leverandoer", "ordforklaring"),
)

GROUP = Group(
    "leverandoerer",
    Text("For leverandører", "For suppliers"),
    Text("Aftaler, data og login.", "Agreements, data and login."),
    (BECOME, DATA_AND_LOGIN),
)
