"""For parents and other contact persons (D3.3, D3.4)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text
from .shared import (
    ASK_FOR_THE_NAME_PAGE,
    CHOOSE_UNILOGIN,
    CREATE_THE_FIRST_TIME,
    LOG_IN_WITH_MITID,
    PRESS_FINISH,
    TYPE_CHILDS_NAME,
)

CHANGED = dt.date(2026, 11, 21)

OWN_NAME = Guide(
    slug="brugernavn-foraelder",
    title=Text("Få dit brugernavn som forælder", "Get your user name as a parent"),
    lead=Text(
        "Du finder dit brugernavn med MitID. Det tager et par minutter.",
        "You find your user name with MitID. It takes a few minutes.",
    ),
    changed=CHANGED,
    note=Text(
        "Er dit barn lige begyndt, kan der gå et døgn, før vi kender jer.",
        "If your child has only just started, it can take a day before we know you.",
    ),
    parts=(
        Part(
            steps=(
                CHOOSE_UNILOGIN,
                ASK_FOR_THE_NAME_PAGE,
                LOG_IN_WITH_MITID,
                CREATE_THE_FIRST_TIME,
                Text("Vælg **Mit eget brugernavn**.", "Choose **My own user name**."),
                PRESS_FINISH,
            ),
            after=(
                Text(
                    "Næste gang du skriver brugernavnet, hjælper vi dig til [din første "
                    "adgangskode](#foerste-adgangskode).",
                    "The next time you enter the user name, we help you create [your first "
                    "password](#foerste-adgangskode).",
                ),
            ),
        ),
    ),
    words=Text(
        "oprette aktivere ny bruger mor far kontaktperson nemid",
        "create activate new user mother father contact",
    ),
    see_also=("barnets-brugernavn", "foerste-adgangskode", "kontaktperson-uden-mitid"),
)

CHILDS_NAME = Guide(
    slug="barnets-brugernavn",
    title=Text("Find dit barns brugernavn", "Find your child's user name"),
    lead=Text(
        "Du kan se brugernavnet for de børn, du har forældremyndighed over.",
        "You can see the user names of the children you have custody of.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                CHOOSE_UNILOGIN,
                ASK_FOR_THE_NAME_PAGE,
                LOG_IN_WITH_MITID,
                CREATE_THE_FIRST_TIME,
                Text("Vælg **Mit barns brugernavn**.", "Choose **My child's user name**."),
                Text(
                    "Listen viser dine børn og deres brugernavne. Skriv dem ned, og tryk **Afslut**.",
                    "The list shows your children and their user names. Write them down, and press **Finish**.",
                ),
            ),
            after=(
                Text(
                    "Mangler et barn på listen? Så bed skolen eller dagtilbuddet se efter, om du står som "
                    "kontaktperson med forældremyndighed i deres eget system. Vi henter rettelsen den følgende nat.",
                    "Is a child missing? Ask the school or day care to check whether its own system has you as a "
                    "contact person with custody. We fetch the correction the following night.",
                ),
            ),
        ),
    ),
    words=Text("børn søn datter brugernavne mangler", "children son daughter missing"),
    see_also=("ny-adgangskode-til-barn", "brugernavn-foraelder"),
)

HELP_CHILD = Guide(
    slug="ny-adgangskode-til-barn",
    title=Text("Hjælp dit barn med adgangskoden", "Help your child with the password"),
    lead=Text(
        "Sid ved barnets skærm, og brug dit eget MitID. Barnet skal selv gentage den nye adgangskode.",
        "Sit at the child's screen and use your own MitID. The child has to repeat the new password.",
    ),
    changed=CHANGED,
    note=Text(
        "Den nye adgangskode er ikke midlertidig. Når barnet har gentaget den, virker den gamle ikke mere.",
        "The new password is not temporary. Once the child has repeated it, the old one stops working.",
    ),
    parts=(
        Part(
            title=Text("I kender ikke adgangskoden", "You do not know the password"),
            steps=(
                TYPE_CHILDS_NAME,
                Text(
                    "Vælg **Få en ny adgangskode** under Andre muligheder, og derefter **Glemt adgangskode**.",
                    "Choose **Get a new password** under Other options, and then **Forgotten password**.",
                ),
                Text(
                    "Vælg **Hjælp mit barn med MitID**, og log på med dit MitID.",
                    "Choose **Help my child with MitID**, and log in with your MitID.",
                ),
                Text(
                    "Siden fortæller, at barnet får en ny adgangskode. Tryk **Næste**.",
                    "The page says that the child is getting a new password. Press **Next**.",
                ),
                Text("Nu ser I adgangskoden. Tryk **Bekræft**.", "Now you see the password. Press **Confirm**."),
                Text(
                    "Barnet gentager adgangskoden. Tryk **Næste**.",
                    "The child repeats the password. Press **Next**.",
                ),
            ),
            after=(
                Text(
                    "Børn til og med 3. klasse får fire billeder. Har barnet allerede billeder, er linket til MitID "
                    "under dem. Lad barnet se godt på de nye, tryk **Jeg kan huske dem**, og lad barnet vælge dem.",
                    "Children up to grade 3 get four pictures. If the child has pictures already, the link to MitID "
                    "is below them. Let the child look well at the new ones, press **I can remember them**, and let "
                    "the child choose them.",
                ),
            ),
        ),
        Part(
            title=Text("I kender adgangskoden og vil skifte den", "You know the password and want to change it"),
            steps=(
                TYPE_CHILDS_NAME,
                Text(
                    "Vælg **Få en ny adgangskode** under Andre muligheder, og derefter **Skift adgangskode**.",
                    "Choose **Get a new password** under Other options, and then **Change password**.",
                ),
                Text("Skriv den nuværende adgangskode.", "Enter the current password."),
                Text(
                    "Tryk **Bekræft** til den nye, eller lav en selv. Gentag den, og tryk **Næste**.",
                    "Press **Confirm** to use the new one, or choose your own. Repeat it, and press **Next**.",
                ),
            ),
        ),
    ),
    words=Text("glemt kode nulstille barn reset hjælpe billeder", "forgotten reset child code help pictures"),
    see_also=("krav-til-adgangskoden", "elev-hjaelp", "hjemsendte-boern"),
)

AT_HOME = Guide(
    slug="hjemsendte-boern",
    title=Text("Når børnene er hjemme fra skole", "When the children are at home from school"),
    lead=Text(
        "Har du børn hjemme, er du den nærmeste til at hjælpe. Her er det, der oftest driller.",
        "When your children are at home, you are the one who can help first. This is what most often goes wrong.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            title=Text("Adgangskoden er glemt", "The password is forgotten"),
            before=(
                Text(
                    "Brug dit eget MitID, og [hjælp dit barn med adgangskoden](#ny-adgangskode-til-barn).",
                    "Use your own MitID, and [help your child with the password](#ny-adgangskode-til-barn).",
                ),
            ),
        ),
        Part(
            title=Text("Brugernavnet er blevet væk", "The user name is lost"),
            before=(
                Text(
                    "Du kan [finde dit barns brugernavn](#barnets-brugernavn) med MitID. Elever med eget MitID kan "
                    "[finde det selv](#elev-faa-unilogin).",
                    "You can [find your child's user name](#barnets-brugernavn) with MitID. Pupils with a MitID of "
                    "their own can [find it themselves](#elev-faa-unilogin).",
                ),
            ),
        ),
        Part(
            title=Text("Vi ved ikke, hvor vi skal logge på", "We do not know where to log in"),
            before=(
                Text(
                    "Mange tjenester bruger Unilogin, og skolen har valgt, hvilke I skal bruge. Nogle af dem står "
                    "på **Mit Unilogin**. Spørg skolen om resten.",
                    "Many services use Unilogin, and the school has chosen which ones you need. Some of them are "
                    "listed on **Mit Unilogin**. Ask the school about the rest.",
                ),
            ),
        ),
        Part(
            title=Text("Vi kan ikke logge på selve computeren", "We cannot log in to the computer itself"),
            before=(
                Text(
                    "Det login har skolen eller kommunen sat op. Det er ikke Unilogin, så kun skolen kan hjælpe.",
                    "The school or municipality has set up that login. It is not Unilogin, so only the school can "
                    "help.",
                ),
            ),
        ),
        Part(
            title=Text("Unilogin virker, men en tjeneste gør ikke", "Unilogin works, but a service does not"),
            before=(
                Text(
                    "Prøv, om barnet kan [logge på her](login:choose). Kan det det, ligger fejlen et andet sted, "
                    "for eksempel i Teams eller Zoom. Kontakt skolen.",
                    "See whether the child can [log in here](login:choose). If so, the fault lies elsewhere, in "
                    "Teams or Zoom for example. Contact the school.",
                ),
            ),
        ),
    ),
    words=Text(
        "hjemsendt hjemmeundervisning fjernundervisning corona computer teams zoom office365",
        "home remote lessons",
    ),
    see_also=("ingen-adgang", "ny-adgangskode-til-barn"),
)

DATA = Guide(
    slug="data-om-mit-barn",
    title=Text(
        "Se, hvem der har set og ændret noget om dit barn",
        "See who has looked at or changed anything about your child",
    ),
    lead=Text(
        "Mit Unilogin viser, hvornår nogen har set eller ændret noget om dig og dine børn, og hvilken rolle og "
        "institution det var.",
        "Mit Unilogin shows when someone has looked at or changed anything about you and your children, and which "
        "role and institution it was.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                Text(
                    "[Log på Mit Unilogin](mitunilogin:overview).",
                    "[Log in to Mit Unilogin](mitunilogin:overview).",
                ),
                Text("Find **Hvem har set og ændret**.", "Find **Who has seen and changed**."),
                Text("Vælg **Hele listen**, hvis du vil se mere.", "Choose **The whole list** to see more."),
            ),
            after=(
                Text(
                    "Du ser tidspunkt, handling, rolle og institution, men ikke den ansattes navn. Undrer noget "
                    "dig, så spørg skolen eller dagtilbuddet. De er ansvarlige for data om dit barn.",
                    "You see the time, the action, the role and the institution, but not the employee's name. If "
                    "anything puzzles you, ask the school or day care. They are responsible for the data about "
                    "your child.",
                ),
                Text(
                    "Hvilke systemer der må hente data, bestemmer institutionen i sine dataaftaler. Spørg dér, hvis "
                    "du vil se dem. Læs også [Privatliv](portal:privacy).",
                    "The institution decides in its data agreements which systems may fetch data. Ask there if you "
                    "want to see them. See also [Privacy](portal:privacy).",
                ),
            ),
        ),
    ),
    words=Text("log indsigt gdpr personoplysninger hvem får data", "log access gdpr personal data who gets"),
    see_also=("hvad-er-unilogin", "beskyttet-navn"),
)

PROTECTED = Guide(
    slug="beskyttet-navn",
    title=Text("Dit barn har navne- og adressebeskyttelse", "Your child's name and address are protected"),
    lead=Text(
        "Med beskyttelse viser vi kun det alias, som skolen eller dagtilbuddet har valgt sammen med jer.",
        "With protection, we only show the alias that the school or day care has chosen with you.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            points=(
                Text(
                    "Aliasset står alle steder i Unilogin, også hos dem, der administrerer brugere.",
                    "The alias is used everywhere in Unilogin, including where users are administered.",
                ),
                Text(
                    "Beskyttelsen gælder altid både navn og adresse.",
                    "The protection always covers both name and address.",
                ),
                Text(
                    "Mangler aliasset i skolens system, kan barnet ikke få et Unilogin. Bed skolen skrive et.",
                    "Without an alias in the school's system, the child cannot get a Unilogin. Ask the school to "
                    "add one.",
                ),
                Text(
                    "Brugernavn og adgangskode virker som for alle andre.",
                    "The user name and password work as for everyone else.",
                ),
            ),
        ),
    ),
    words=Text("hemmelig adresse alias dæknavn beskyttelse", "secret address alias protection"),
    see_also=("barnets-brugernavn", "data-om-mit-barn"),
)

GROUP = Group(
    "foraeldre",
    Text("For forældre", "For parents"),
    Text("Brugernavne, adgangskoder og data om dine børn.", "User names, passwords and data about your children."),
    (OWN_NAME, CHILDS_NAME, HELP_CHILD, AT_HOME, DATA, PROTECTED),
)
