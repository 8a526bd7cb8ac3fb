"""For those who look after an institution's users: what an import is, and what to do about it (D1.8, D1.9)."""

import datetime as dt

from ..guide import Guide, Part
from ..text import Text

IMPORT = Guide(
    slug="import",
    title=Text("Import: sådan følger du med", "Imports: how to keep an eye on them"),
    lead=Text(
        "Jeres eget system sender os jeres brugere, som regel hver nat. I ser, hvordan det gik, under "
        "[Import](useradmin:runs).",
        "Your own system sends us your users, usually every night. You see what became of it under "
        "[Import](useradmin:runs).",
    ),
    changed=dt.date(2026, 11, 22),
    note=Text(
        "Institutionens leder og den, der har retten i MitID Erhverv, kan se og svare. Vil du svare, skal du være "
        "logget på med MitID.",
        "The institution's leader, and whoever has the right in MitID Erhverv, can see and answer. To answer you must "
        "be logged in with MitID.",
    ),
    parts=(
        Part(
            title=Text("Hvad er en import?", "What is an import?"),
            before=(
                Text(
                    "En import er én fil fra jeres system. Den indeholder alle jeres elever, ansatte og eksterne, "
                    "ikke kun ændringerne. Vi sammenligner den med det, vi har.",
                    "An import is one file from your system. It holds all of your pupils, employees and externals, "
                    "not only what has changed. We compare it with what we have.",
                ),
            ),
            terms=(
                (
                    Text("Oprettet og opdateret", "Created and updated"),
                    Text(
                        "Personer, der er nye, og personer, hvis oplysninger er ændret.",
                        "People who are new, and people whose data have changed.",
                    ),
                ),
                (
                    Text("Ophørt", "Ended"),
                    Text(
                        "Personer, der ikke længere er i filen. Deres konto bliver, men ikke tilknytningen til jer.",
                        "People who are no longer in the file. Their account stays, but not the tie to you.",
                    ),
                ),
                (
                    Text("Afvist", "Rejected"),
                    Text(
                        "Personer med en fejl. De er, som de var, til fejlen er rettet.",
                        "People with an error. They are as they were until it is corrected.",
                    ),
                ),
            ),
        ),
        Part(
            title=Text("Der er fejl i importen", "There are errors in the import"),
            steps=(
                Text(
                    "Vælg importen under [Import](useradmin:runs). Et gult tegn i menuen viser, at der er noget at se "
                    "på.",
                    "Choose the import under [Import](useradmin:runs). A yellow sign in the menu shows that there is "
                    "something to look at.",
                ),
                Text(
                    "Se linje, lokalt id, hvad der er galt, og hvad I gør. **Hent som CSV**, hvis listen er lang.",
                    "See line, local id, what is wrong and what to do. **Download as CSV** if the list is long.",
                ),
                Text(
                    "Find personen i jeres eget system på det lokale id, og ret fejlen dér.",
                    "Find the person in your own system by the local id, and correct the error there.",
                ),
                Text(
                    "Vent til næste nat. Så kommer personen med.",
                    "Wait until the next night. Then the person comes in.",
                ),
            ),
        ),
        Part(
            title=Text("Vi har holdt en import tilbage", "We have held an import back"),
            before=(
                Text(
                    "Vil en import ændre mere, end den plejer, spørger vi først. Intet er ændret, og alle kan logge på "
                    "som før.",
                    "If an import would change more than usual, we ask first. Nothing is changed, and everybody can "
                    "log in as before.",
                ),
            ),
            steps=(
                Text("Vælg **Se og svar** ved importen.", "Choose **See and answer** at the import."),
                Text(
                    "Se, hvad der ville ændre sig, og hvad det ligner. Er I i tvivl, så spørg jeres leverandør.",
                    "See what would change, and what it looks like. If in doubt, ask your supplier.",
                ),
                Text(
                    "Vælg, om importen skal stoppes eller godkendes. Skriv hvorfor, og tryk **Gem dit svar**.",
                    "Choose whether the import is to be stopped or approved. Say why, and press **Save your answer**.",
                ),
            ),
            after=(
                Text(
                    "Ved I på forhånd, at der kommer store ændringer, kan I **Lad næste import slippe igennem** under "
                    "systemets navn. I kan også ændre grænserne dér.",
                    "If you know beforehand that great changes are coming, you can **Let the next import through** "
                    "under the system's name. There you can change the limits too.",
                ),
            ),
        ),
        Part(
            title=Text("En person har fået nyt CPR-nummer", "A person has got a new CPR number"),
            before=(
                Text(
                    "Så står rækken som ”Ikke forventet CPR til localPersonID”, til I har bekræftet, at det er samme "
                    "person.",
                    "Then the row stands as “Unexpected CPR for localPersonID” until you have confirmed that it is "
                    "the same person.",
                ),
            ),
            steps=(
                Text("Vælg [Skift CPR](useradmin:change_cpr).", "Choose [Change CPR](useradmin:change_cpr)."),
                Text(
                    "Skriv det lokale id og **Nyt cpr-nummer**, og tryk **Analysér**.",
                    "Enter the local id and **New CPR number**, and press **Analyse**.",
                ),
                Text(
                    "Læs, hvad der sker. Skriv hvorfor, og tryk **Bekræft**. Rækken kommer med ved næste import.",
                    "Read what happens. Say why, and press **Confirm**. The row comes in with the next import.",
                ),
            ),
        ),
        Part(
            title=Text("En import var forkert", "An import was wrong"),
            steps=(
                Text(
                    "Åbn importen, og vælg **Tag importen tilbage**. Det kan gøres, til en senere import har bygget "
                    "videre.",
                    "Open the import, and choose **Take the import back**. It can be done until a later import has "
                    "built on it.",
                ),
                Text(
                    "Skriv hvorfor, og bekræft. Alt er så, som det var før importen.",
                    "Say why, and confirm. Everything is then as it was before the import.",
                ),
                Text(
                    "Ret fejlen i jeres system. Næste import venter på jeres godkendelse.",
                    "Correct the fault in your system. The next import waits for your approval.",
                ),
            ),
        ),
    ),
    words=Text(
        "importhistorik importstatus fejl afvist holdt tilbage godkend stop skift cpr fortryd tilbage grænse csv",
        "history status error rejected held back approve stop change cpr undo limit csv",
    ),
    see_also=("brugeradministration", "support"),
)
