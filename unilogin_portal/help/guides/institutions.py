"""For schools and municipalities: users, data agreements, numbers (D1.9, D1.10, D3.6, D4, D5)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text
from .imports import IMPORT

CHANGED = dt.date(2026, 11, 21)

WITHOUT_MITID = Guide(
    slug="kontaktperson-uden-mitid",
    title=Text("Kontaktperson uden MitID", "Contact person without MitID"),
    lead=Text(
        "Når en forælder eller anden kontaktperson ikke kan få MitID, kan institutionen bede om et Unilogin på "
        "personens vegne.",
        "When a parent or other contact person cannot get MitID, the institution can ask for a Unilogin on the "
        "person's behalf.",
    ),
    changed=CHANGED,
    note=Text(
        "Prøv først alle muligheder for MitID sammen med myndighederne. Sagen skal godkendes, så regn med ventetid. "
        "Et Unilogin fået på denne måde åbner ikke Aula med det samme, for Aula kræver MitID første gang.",
        "First try every way of getting MitID together with the authorities. The case has to be approved, so allow "
        "time for that. A Unilogin obtained this way does not open Aula at once, since Aula requires MitID the first "
        "time.",
    ),
    parts=(
        Part(
            title=Text("Få brugernavn og adgangskode", "Get user name and password"),
            before=(
                Text(
                    "Det gælder kun kontaktpersoner til børn i grundskole eller dagtilbud. Det er altid "
                    "institutionen, der beder os om det: dens leder, eller den der har retten til "
                    "brugeradministration.",
                    "This is only for contact persons of children in school or day care. It is always the "
                    "institution that asks us: its leader, or whoever has the right to user administration.",
                ),
            ),
            steps=(
                Text(
                    "Se efter i jeres eget system, at personen er kontaktperson for barnet.",
                    "Check in your own system that the person is registered as the child's contact person.",
                ),
                Text(
                    "Log på med MitID, og vælg [Sager](cases:list) → **Opret sag** → **Unilogin til en kontaktperson "
                    "uden MitID**.",
                    "Log in with MitID, and choose [Cases](cases:list) → **Create a case** → **Unilogin for a contact "
                    "person without MitID**.",
                ),
                Text(
                    "Skriv personens CPR-nummer, og hvem hos jer der skal modtage den sikre mail. Brevet går til "
                    "institutionens eget CVR-nummer. Skriv aldrig CPR-nummeret i en besked eller en mail.",
                    "Enter the person's CPR number, and who with you is to receive the secure email. The letter goes "
                    "to the institution's own CVR number. Never write the CPR number in a message or an email.",
                ),
                Text(
                    "Bekræft, at I har prøvet alle muligheder for MitID og set i jeres eget system, at personen er "
                    "kontaktperson. Tryk **Opret sagen**.",
                    "Confirm that you have tried all ways to MitID and seen in your own system that the person is "
                    "contact person. Press **Create the case**.",
                ),
                Text(
                    "Gem sagsnummeret. Det skal I bruge, hvis noget bliver glemt.",
                    "Keep the case number. You need it if something is forgotten.",
                ),
                Text(
                    "To supportere hos os godkender sagen. Har de et spørgsmål, får I en mail og svarer i sagen.",
                    "Two of our supporters approve the case. If they have a question, you get an email and answer in "
                    "the case.",
                ),
                Text(
                    "Vi sender brevet med brugernavn og adgangskode i sikker mail. Giv det kun til personen selv, og "
                    "tryk **Brevet er udleveret**. Så er sagen lukket.",
                    "We send the letter with user name and password by secure email. Give it to the person only, and "
                    "press **The letter is handed out**. That closes the case.",
                ),
            ),
        ),
        Part(
            title=Text("Personen har glemt noget", "The person has forgotten something"),
            steps=(
                Text(
                    "Find den første sag under [Sager](cases:list), og vælg **Opret en ny sag med dette nummer**.",
                    "Find the first case under [Cases](cases:list), and choose **Create a new case with this number**.",
                ),
                Text(
                    "Skriv personens CPR-nummer og modtageren som før.",
                    "Enter the person's CPR number and the recipient as before.",
                ),
                Text(
                    "Vælg, hvad personen mangler: brugernavnet, en ny adgangskode eller begge dele.",
                    "Choose what the person needs: the user name, a new password or both.",
                ),
            ),
        ),
        Part(
            title=Text("Undervejs", "On the way"),
            points=(
                Text(
                    "Under [Sager](cases:list) ser I, hvor langt sagen er. I kan skrive til os i sagen.",
                    "Under [Cases](cases:list) you see how far the case is. You can write to us in the case.",
                ),
                Text(
                    "Er der ikke længere brug for brevet, så vælg **Træk sagen tilbage**, inden den er godkendt.",
                    "If the letter is no longer needed, choose **Withdraw the case** before it is approved.",
                ),
                Text(
                    "Afviser vi sagen, står der hvorfor.",
                    "If we reject the case, it says why.",
                ),
            ),
        ),
    ),
    words=Text("uden nemid forælder sikker mail sag udlevere", "without nemid parent secure email case hand out"),
    see_also=("support", "brugernavn-foraelder"),
)

USERS = Guide(
    slug="brugeradministration",
    title=Text("Brugere og import: hvor kommer de fra?", "Users and import: where do they come from?"),
    lead=Text(
        "Jeres eget system er kilden. Vi retter aldrig i brugerne i hånden.",
        "Your own system is the source. We never correct users by hand.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            title=Text("Sådan får en bruger et Unilogin", "How a user gets a Unilogin"),
            steps=(
                Text(
                    "Skriv personen ind i skolens administrative system eller kommunens pladsanvisningssystem.",
                    "Register the person in the school's administrative system or the municipality's placement system.",
                ),
                Text(
                    "Systemet sender data til os, som regel hver nat.",
                    "The system sends us the data, usually every night.",
                ),
                Text(
                    "Dagen efter kan personen [få sit brugernavn](#glemt-brugernavn).",
                    "The day after, the person can [get the user name](#glemt-brugernavn).",
                ),
            ),
        ),
        Part(
            title=Text("En person mangler eller er forkert", "A person is missing or wrong"),
            points=(
                Text(
                    "Ret det i jeres eget system, og vent til næste nat. CPR-nummer og rolle er de hyppigste fejl.",
                    "Correct it in your own system, and wait until the next night. CPR number and role are the most "
                    "frequent errors.",
                ),
                Text(
                    "En person med navne- og adressebeskyttelse skal have et alias, ellers afviser vi rækken.",
                    "A person with name and address protection must have an alias, or we reject the row.",
                ),
                Text(
                    "Hjælper det ikke, så [kontakt support](#support).",
                    "If that does not help, [contact support](#support).",
                ),
            ),
        ),
        Part(
            title=Text("Adgang til at se brugerne", "Access to see the users"),
            before=(
                Text(
                    "Institutionens leder ser under [Import](useradmin:runs), hvad der er indlæst hos jer, og hvad der "
                    "mangler. Det samme gør den, der har retten til brugeradministration i MitID Erhverv.",
                    "The institution's leader sees under [Import](useradmin:runs) what is loaded for you, and what is "
                    "missing. So does whoever has the right to user administration in MitID Erhverv.",
                ),
                Text(
                    "Kommunens dagtilbudsansvarlige kan få retten til at læse med.",
                    "The municipality's day-care officer can get the right to read along.",
                ),
            ),
        ),
        Part(
            title=Text("Skoler uden administrativt system", "Schools without an administrative system"),
            before=(
                Text(
                    "ElevAdministration er til små skoler uden eget system. Det er ikke åbent på denne portal. "
                    "[Kontakt support](#support), hvis I mangler et system.",
                    "ElevAdministration is for small schools without a system of their own. It is not open on this "
                    "portal. [Contact support](#support) if you need a system.",
                ),
            ),
        ),
    ),
    words=Text(
        "brugeroversigt import elevadministration administrator læseadgang rettigheder",
        "import administrator read access rights",
    ),
    see_also=("import", "ikke-tilknyttet", "elevadgang"),
)

APPROVE = Guide(
    slug="godkend-dataaftale",
    title=Text("Godkend eller afvis en dataaftale", "Approve or reject a data agreement"),
    lead=Text(
        "En leverandør må først hente eller sende data om jeres brugere, når I har sagt ja.",
        "A supplier may fetch or send data about your users only when you have said yes.",
    ),
    changed=dt.date(2026, 11, 27),
    parts=(
        Part(
            title=Text("Gør klar", "Prepare"),
            points=(
                Text(
                    "Indgå en databehandleraftale med leverandøren. Den er jeres og leverandørens; vi er ikke part "
                    "i den.",
                    "Conclude a data processing agreement with the supplier. It is between you and them; we are not a "
                    "party to it.",
                ),
                Text(
                    "Medarbejderen skal have MitID Erhverv og retten ”Tilslutning: Ret til at administrere aftaler "
                    "på tilslutning.stil.dk”. Jeres administrator hos NemLog-in giver den.",
                    "The employee needs MitID Erhverv and the right “Tilslutning: Ret til at administrere aftaler "
                    "på tilslutning.stil.dk”. Your NemLog-in administrator grants it.",
                ),
            ),
        ),
        Part(
            title=Text("Hvem svarer?", "Who answers?"),
            points=(
                Text(
                    "Kommunalt dagtilbud: kommunens dagtilbudsansvarlige, med retten på kommunens CVR-nummer.",
                    "Municipal day care: the municipality's day-care officer, with the right on the municipality's CVR "
                    "number.",
                ),
                Text(
                    "Skoler, selvejende og private dagtilbud: en medarbejder med retten på CVR-nummeret eller stedets "
                    "P-nummer.",
                    "Schools, self-governing and private day care: an employee with the right on the CVR number or on "
                    "the P-number of the place.",
                ),
            ),
        ),
        Part(
            title=Text("Svar på anmodninger", "Answer requests"),
            steps=(
                Text(
                    "Log på [Tilslutning](dataagreements:front) med MitID Erhverv. Anmodninger, der venter, står "
                    "først.",
                    "Log in to [Tilslutning](dataagreements:front) with MitID Erhverv. Requests that wait come first.",
                ),
                Text(
                    "Åbn anmodningen: formål, felter, og hvad der er nyt i forhold til den aftale, I har.",
                    "Open the request: purpose, fields, and what is new compared with the agreement you have.",
                ),
                Text(
                    "Tryk **Godkend** eller **Afvis**. Til flere ad gangen: sæt hak i listen, tryk **Skift status**, "
                    "og vælg.",
                    "Press **Approve** or **Reject**. For several at once: tick them in the list, press **Change "
                    "status**, and choose.",
                ),
                Text(
                    "Skriv gerne hvorfor. Leverandøren får besked og kan læse kommentaren.",
                    "Say why if you like. The supplier is told, and can read the comment.",
                ),
            ),
        ),
        Part(
            title=Text("Det skal I se efter", "What to look for"),
            points=(
                Text(
                    "Hvilket system beder om data, og hvem står bag?",
                    "Which system is asking for data, and who is behind it?",
                ),
                Text(
                    "Hvilke felter vil det have, og skal det bruge dem alle?",
                    "Which fields does it want, and does it need them all?",
                ),
                Text(
                    "Er I i tvivl, så afvis, og skriv hvorfor. Leverandøren kan bede igen.",
                    "If in doubt, reject, and say why. The supplier can ask again.",
                ),
            ),
        ),
        Part(
            title=Text("Når aftalen gælder", "While the agreement holds"),
            points=(
                Text(
                    "På aftalens side står, hvad der er hentet, hvornår og om hvor mange personer.",
                    "The agreement's page says what was fetched, when, and about how many people.",
                ),
                Text(
                    "Vi spørger én gang om året. Tryk **Bekræft for et år til**, ellers ophører aftalen af sig selv.",
                    "We ask once a year. Press **Confirm for another year**, or the agreement ends by itself.",
                ),
                Text(
                    "Tryk **Bring aftalen til ophør**, og data stopper ved næste kald. Leverandøren bliver bedt om at "
                    "slette, hvad den har hentet.",
                    "Press **End the agreement**, and data stop at the next call. The supplier is asked to delete what "
                    "it has fetched.",
                ),
                Text(
                    "Under **Notifikationer** tilmelder I en mailadresse, der får besked om nye anmodninger.",
                    "Under **Notifications** you subscribe an email address that is told of new requests.",
                ),
                Text(
                    "Ansatte og forældre ser under [Indsigt](dataagreements:insight), hvem der får data om dem.",
                    "Employees and parents see under [Insight](dataagreements:insight) who receives data about them.",
                ),
            ),
        ),
    ),
    words=Text(
        "tilslutning anmodning dataadgang leverandør godkende nemlogin mitid erhverv ophør",
        "tilslutning request data access supplier approve terminate",
    ),
    see_also=("tilslut-privat-dagtilbud", "leverandoer"),
)

ADMINISTRATION_UNIT = Guide(
    slug="forvaltningsinstitution",
    title=Text("Institutionsnummer til forvaltningen", "Institution number for the administration"),
    lead=Text(
        "En kommune kan have ét nummer til brugere i forvaltningen, for eksempel til Aula.",
        "A municipality can have one number for users in its administration, for Aula for example.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                Text(
                    "Se efter i Institutionsregisteret, om kommunen allerede har et. Ofte er PPR oprettet.",
                    "Check in the Institutionsregister whether the municipality already has one. PPR is often "
                    "registered there.",
                ),
                Text(
                    "Ellers skriv til [support](#support) med kommunens hovedinstitutionsnummer, en kontaktperson, "
                    "kontaktoplysninger og kontaktpersonens Unilogin.",
                    "If not, write to [support](#support) with the municipality's main institution number, a "
                    "contact person, contact details and the contact person's Unilogin.",
                ),
            ),
            after=(
                Text(
                    "Der er kun ét nummer til hver kommune. Vil I dele brugerne op, gøres det i Aula.",
                    "There is only one number for each municipality. If you want to group the users, do so in Aula.",
                ),
            ),
        ),
    ),
    words=Text("forvaltning kommune ppr aula institutionsregister", "administration municipality ppr aula register"),
    see_also=("tilslut-kommunalt-dagtilbud", "support"),
)

GROUP = Group(
    "institutioner",
    Text("For skoler og kommuner", "For schools and municipalities"),
    Text("Brugere, dataaftaler og kontaktpersoner.", "Users, data agreements and contact persons."),
    (USERS, IMPORT, WITHOUT_MITID, APPROVE, ADMINISTRATION_UNIT),
)
