"""What the law asks a public site to tell: accessibility (D9.1) and how personal data are treated (D9.4)."""

import datetime as dt

from .guide import Guide, Part
from .text import Text

CHANGED = dt.date(2026, 11, 21)

ACCESSIBILITY = Guide(
    slug="was",
    title=Text("Tilgængelighedserklæring", "Accessibility statement"),
    lead=Text(
        "{authority} vil have, at alle kan bruge Unilogin. Her står, hvor langt vi er, og hvordan du siger til.",
        "{authority} wants everyone to be able to use Unilogin. This page says how far we have come, and how to tell "
        "us about problems.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            title=Text("Hvor godt lever siderne op til kravene?", "How well do the pages meet the requirements?"),
            before=(
                Text(
                    "Erklæringen gælder alle sider på denne portal. Siderne er bygget efter WCAG 2.1 på niveau A og "
                    "AA, som standarden EN 301 549 v3.2.1 kræver, og loven om tilgængelighed af offentlige organers "
                    "websteder.",
                    "The statement covers all pages of this portal. The pages are built to WCAG 2.1, levels A and "
                    "AA, as the standard EN 301 549 v3.2.1 and the Danish act on accessibility of public websites "
                    "require.",
                ),
                Text(
                    "Vi kender ingen steder, hvor siderne ikke lever op til kravene. Finder du et, så sig det til os.",
                    "We know of no place where the pages fail to meet them. If you find one, please tell us.",
                ),
            ),
        ),
        Part(
            title=Text("Sådan har vi prøvet", "How we have tested"),
            points=(
                Text(
                    "Hver side er undersøgt med axe-core i bredderne 390 og 1280 punkter, på dansk og på engelsk.",
                    "Every page is checked with axe-core at widths of 390 and 1280 pixels, in Danish and in English.",
                ),
                Text(
                    "Vi går siderne igennem med tastatur alene, uden JavaScript og forstørret, så 320 punkter "
                    "fylder skærmen.",
                    "We go through the pages with the keyboard alone, without JavaScript, and magnified until 320 "
                    "pixels fill the screen.",
                ),
                Text(
                    "Det er vores egen vurdering. Den blev lavet 21. november 2026 og ses efter mindst én gang om "
                    "året.",
                    "This is our own assessment. It was made on 21 November 2026 and is reviewed at least once a year.",
                ),
            ),
        ),
        Part(
            title=Text("Sig til, hvis noget driller", "Tell us if something does not work for you"),
            before=(
                Text(
                    "Fortæl, hvilken side det er, og hvad der driller. Du kan også bede om indholdet på en anden måde.",
                    "Tell us which page it is, and what the problem is. You can also ask for the content in another "
                    "form.",
                ),
            ),
            points=(
                Text(
                    "Ring: [{support_phone}](tel:{support_tel}), mandag til fredag kl. 8 til 15.",
                    "Call: [{support_phone}](tel:{support_tel}), Monday to Friday from 8 to 15.",
                ),
                Text(
                    "Skriv: [{support_email}](mailto:{support_email}). Vi svarer inden for 14 dage.",
                    "Write: [{support_email}](mailto:{support_email}). We answer within 14 days.",
                ),
            ),
            after=(
                Text(
                    "Er du ikke tilfreds med svaret, kan du klage til Digitaliseringsstyrelsen, der fører tilsyn "
                    "med loven.",
                    "If you are not satisfied with the answer, you can complain to the Agency for Digital "
                    "Government, which supervises the act.",
                ),
            ),
        ),
    ),
)

PRIVACY = Guide(
    slug="privatliv",
    title=Text("Privatliv", "Privacy"),
    lead=Text(
        "Unilogin skal vide, hvem du er, for at åbne de rigtige døre. Her står, hvad vi gemmer, hvorfor og hvor længe.",
        "Unilogin has to know who you are to open the right doors. This page says what we keep, why and for how long.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            title=Text("Hvem har ansvaret?", "Who is responsible?"),
            before=(
                Text(
                    "Skolen, dagtilbuddet eller kommunen er dataansvarlig for data om sine børn, forældre og "
                    "ansatte. {authority} behandler dem på deres vegne som databehandler.",
                    "The school, day care or municipality is the controller of the data about its children, parents "
                    "and staff. {authority} processes them on its behalf.",
                ),
            ),
        ),
        Part(
            title=Text("Hvad gemmer vi?", "What do we keep?"),
            points=(
                Text(
                    "Navn, CPR-nummer, fødselsdag, og hvilke institutioner, roller og klasser du hører til. Det "
                    "sender institutionens eget system os.",
                    "Name, CPR number, birthday, and which institutions, roles and classes you belong to. The "
                    "institution's own system sends us this.",
                ),
                Text(
                    "Hvem der er kontaktperson for hvilke børn, og om de har forældremyndighed.",
                    "Who is a contact person of which children, and whether they have custody.",
                ),
                Text(
                    "Dit brugernavn og et aftryk af din adgangskode. Selve adgangskoden gemmer vi ikke.",
                    "Your user name and a one-way hash of your password. We do not keep the password itself.",
                ),
                Text(
                    "Hvornår og hvordan du er logget på, og hvem der har set eller ændret noget om dig.",
                    "When and how you logged in, and who has looked at or changed anything about you.",
                ),
            ),
            after=(
                Text(
                    "CPR-numre, adresser og telefonnumre er krypteret. Har du navne- og adressebeskyttelse, viser "
                    "vi kun dit alias.",
                    "CPR numbers, addresses and telephone numbers are encrypted. If your name and address are "
                    "protected, we only show your alias.",
                ),
            ),
        ),
        Part(
            title=Text("Hvorfor må vi det?", "Why are we allowed to?"),
            before=(
                Text(
                    "Institutionen udfører en opgave i samfundets interesse (databeskyttelsesforordningen artikel "
                    "6, stk. 1, litra e). Offentlige myndigheder må bruge CPR-nummeret til entydig identifikation "
                    "(databeskyttelseslovens § 11, stk. 1).",
                    "The institution carries out a task in the public interest (article 6(1)(e) of the General Data "
                    "Protection Regulation). Public authorities may use the CPR number for unique identification "
                    "(section 11(1) of the Danish data protection act).",
                ),
            ),
        ),
        Part(
            title=Text("Hvem får data?", "Who gets data?"),
            before=(
                Text(
                    "En tjeneste får kun det, som institutionen har sagt ja til i en dataaftale. Vi sælger ikke data "
                    "og sender dem ikke ud af EU.",
                    "A service only gets what the institution has agreed to in a data agreement. We do not sell data "
                    "or send them out of the EU.",
                ),
            ),
        ),
        Part(
            title=Text("Hvor længe?", "For how long?"),
            points=(
                Text(
                    "Din konto: så længe en institution har dig på sin liste. Derefter lukkes adgangen.",
                    "Your account: as long as an institution has you on its list. After that, access closes.",
                ),
                Text("Log over login: 180 dage.", "Login log: 180 days."),
                Text(
                    "Log over, hvem der har set og ændret: fem år.",
                    "Log of who has seen and changed data: five years.",
                ),
            ),
        ),
        Part(
            title=Text("Dine rettigheder", "Your rights"),
            points=(
                Text(
                    "Indsigt: [Mit Unilogin](mitunilogin:overview) viser dine data, og hvem der har set og ændret. "
                    "Du kan også bede institutionen om dem.",
                    "Access: [Mit Unilogin](mitunilogin:overview) shows your data, and who has seen and changed them. "
                    "You can also ask the institution for them.",
                ),
                Text(
                    "Rettelse og sletning: bed institutionen rette i sit eget system. Vi henter rettelsen den "
                    "følgende nat.",
                    "Correction and erasure: ask the institution to correct its own system. We fetch the correction "
                    "the following night.",
                ),
                Text(
                    "Begrænsning og indsigelse: skriv til institutionen.",
                    "Restriction and objection: write to the institution.",
                ),
                Text(
                    "Klage: til Datatilsynet, Carl Jacobsens Vej 35, 2500 Valby.",
                    "Complaint: to Datatilsynet, Carl Jacobsens Vej 35, DK-2500 Valby.",
                ),
            ),
            after=(
                Text(
                    "Spørgsmål til os? Skriv til [{support_email}](mailto:{support_email}), uden CPR-nummer. Læs "
                    "også om [cookies](portal:cookies).",
                    "Questions for us? Write to [{support_email}](mailto:{support_email}), without a CPR number. "
                    "See also [cookies](portal:cookies).",
                ),
            ),
        ),
    ),
)
