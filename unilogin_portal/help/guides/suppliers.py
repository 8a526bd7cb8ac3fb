"""For those who make services and systems (D1.3, D2, D4.3)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text

BECOME = Guide(
    slug="leverandoer",
    title=Text("Bliv leverandør, og bed om data", "Become a supplier, and ask for data"),
    lead=Text(
        "Tre aftaler skal være på plads, før data flytter sig.",
        "Three agreements must be in place before any data move.",
    ),
    changed=dt.date(2026, 11, 27),
    parts=(
        Part(
            title=Text("Sådan begynder I", "How to begin"),
            steps=(
                Text(
                    "Giv den medarbejder, der skal passe aftalerne, MitID Erhverv og retten ”Tilslutning: Ret til at "
                    "administrere aftaler på tilslutning.stil.dk”. Jeres administrator hos NemLog-in gør det.",
                    "Give the employee who manages the agreements MitID Erhverv and the right “Tilslutning: Ret til at "
                    "administrere aftaler på tilslutning.stil.dk”. Your NemLog-in administrator does so.",
                ),
                Text(
                    "Log på [Tilslutning](dataagreements:providers), og vælg **Bliv udbyder**. Vi ser på det, og I får "
                    "en mail.",
                    "Log in to [Tilslutning](dataagreements:providers), and choose **Become a supplier**. We look at "
                    "it, and you get an email.",
                ),
                Text(
                    "**Opret et system**, og vælg derefter **Bed om en tilslutningsaftale** for hver webservice, I vil "
                    "bruge.",
                    "**Create a system**, and then choose **Ask for a connection agreement** for each web service you "
                    "want to use.",
                ),
                Text(
                    "Indgå en databehandleraftale med hver institution.",
                    "Conclude a data processing agreement with each institution.",
                ),
                Text(
                    "Vælg **Lav dataaftale med institutioner**: pakke, felter, formål og retsgrundlag. Skriv numrene, "
                    "tryk **Tilføj**, og til sidst **Send**. Siden viser, hvem der ikke kunne få anmodningen, og "
                    "hvorfor.",
                    "Choose **Make data agreements with institutions**: package, fields, purpose and legal basis. Type "
                    "the numbers, press **Add**, and at last **Send**. The page shows who could not get the request, "
                    "and why.",
                ),
            ),
        ),
        Part(
            title=Text("Lad systemet tale med os", "Let the system talk to us"),
            steps=(
                Text(
                    "Vælg **Lav id og hemmelighed** på systemets side. Vi viser hemmeligheden én gang.",
                    "Choose **Make an id and a secret** on the system's page. We show the secret once.",
                ),
                Text(
                    "Systemet bytter dem til et token, der gælder i en time, og sender det med hvert kald.",
                    "The system exchanges them for a token that is valid for an hour, and sends it with each call.",
                ),
                Text(
                    "Det leverer brugere, eller henter dem som XML (ws17) eller som JSON (OneRoster 1.2). Adresserne "
                    "står på [siden om grænseflader](api:page) og som [OpenAPI](api:document).",
                    "It delivers users, or fetches them as XML (ws17) or as JSON (OneRoster 1.2). The addresses are on "
                    "[the page about interfaces](api:page) and as [OpenAPI](api:document).",
                ),
                Text(
                    "Skift hemmelighed: lav en ny, tag den i brug, og vælg så **Tilbagekald** ved den gamle. Er en "
                    "hemmelighed sluppet ud, så tilbagekald den med det samme.",
                    "Change secret: make a new one, take it into use, and then choose **Revoke** at the old one. If a "
                    "secret has got out, revoke it at once.",
                ),
            ),
        ),
        Part(
            title=Text("Så længe aftalen gælder", "While the agreement holds"),
            points=(
                Text(
                    "En aftale gælder, når institutionen har godkendt den, tilslutningsaftalen gælder, og systemet er "
                    "aktivt. Vi ser efter ved hvert kald.",
                    "An agreement holds when the institution has approved it, the connection agreement is valid and "
                    "the system is active. We check at each call.",
                ),
                Text(
                    "Vil I have mere, så anmod igen. Den gamle aftale gælder, til institutionen har svaret.",
                    "If you want more, ask again. The old agreement holds until the institution has answered.",
                ),
                Text(
                    "Institutionen bekræfter aftalen én gang om året og ser, hvad I har hentet.",
                    "The institution confirms the agreement once a year, and sees what you have fetched.",
                ),
                Text(
                    "Efter ophør sletter I det, I har hentet, og trykker **Bekræft, at data er slettet**.",
                    "After the end you delete what you have fetched, and press **Confirm that the data are deleted**.",
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
    words=Text(
        "udbyder udbydersystem anmodning system aftale passivt token hemmelighed oauth",
        "provider system request agreement token secret oauth",
    ),
    see_also=("data-og-login", "godkend-dataaftale"),
)

DATA_AND_LOGIN = Guide(
    slug="data-og-login",
    title=Text("Data og login for leverandører", "Data and login for suppliers"),
    lead=Text(
        "Bed om så lidt som muligt. De fleste tjenester kan nøjes med at vide, at en elev må komme ind.",
        "Ask for as little as possible. Most services only need to know that a pupil may come in.",
    ),
    changed=dt.date(2026, 11, 27),
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
                    "Send filen [over HTTPS](api:page). I får en adresse, der fortæller, hvad der blev af den. Uden en "
                    "aftale med institutionen bliver den afvist.",
                    "Send the file [over HTTPS](api:page). You get an address that tells what became of it. Without an "
                    "agreement with the institution it is refused.",
                ),
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
