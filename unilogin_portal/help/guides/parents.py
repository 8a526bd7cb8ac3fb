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

CHANGED = dt.date(2026, 11, 22)

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
                Text(
                    "Vælg, om du vil se det, der handler om dig eller om ét af dine børn, og om det er login, "
                    "adgangskoder, godkendelser eller opslag. Tryk **Vis**.",
                    "Choose whether to see what is about you or about one of your children, and whether it is logins, "
                    "passwords, approvals or lookups. Press **Show**.",
                ),
            ),
            points=(
                Text(
                    "Listen viser, når en voksen har givet barnet en ny adgangskode, ophævet en pause, spærret eller "
                    "åbnet kontoen, godkendt eller afvist en tjeneste, eller printet en klasseliste.",
                    "The list shows when an adult has given the child a new password, ended a pause, blocked or opened "
                    "the account, approved or refused a service, or printed a class list.",
                ),
                Text(
                    "Er barnet navne- og adressebeskyttet, står det også, hver dag en ansat har slået barnet op.",
                    "If the child's name and address are protected, it also shows every day that an employee looked "
                    "the child up.",
                ),
                Text(
                    "Barnets egne login står kun på barnets egen liste.",
                    "The child's own logins are only on the child's own list.",
                ),
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
    see_also=("mail-ved-ny-adgangskode", "hvad-er-unilogin", "beskyttet-navn"),
)

MAIL = Guide(
    slug="mail-ved-ny-adgangskode",
    title=Text("Få en mail, når dit barn får en ny adgangskode", "Get an email when your child gets a new password"),
    lead=Text(
        "Vi kan skrive til dig, hver gang en anden end dig giver dit barn en ny adgangskode.",
        "We can write to you every time somebody other than you gives your child a new password.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                Text(
                    "[Log på Mit Unilogin](mitunilogin:overview).",
                    "[Log in to Mit Unilogin](mitunilogin:overview).",
                ),
                Text(
                    "Find **Mail om nye adgangskoder** under dine børn.",
                    "Find **Email about new passwords** below your children.",
                ),
                Text("Tryk **Ja, skriv til mig**.", "Press **Yes, write to me**."),
            ),
            points=(
                Text(
                    "Mailen siger, hvornår det skete, og om det var en lærer, en vikar, en brugeradministrator eller "
                    "en anden forælder. Den nævner hverken barnets navn, brugernavn eller adgangskode.",
                    "The email says when it happened, and whether it was a teacher, a substitute, a user administrator "
                    "or another parent. It names neither the child, the user name nor the password.",
                ),
                Text(
                    "Du får ingen mail, når barnet selv laver en ny adgangskode.",
                    "You get no email when the child creates a new password alone.",
                ),
                Text(
                    "Vi bruger den mailadresse, som skolen eller dagtilbuddet har skrevet i sit eget system. Kender vi "
                    "ingen, så bed dem skrive den. Dagen efter kan du vælge mailen.",
                    "We use the email address that the school or day care has in its own system. If we know none, ask "
                    "them to add it. The day after, you can choose the email.",
                ),
                Text(
                    "Tryk **Stop mails** på Mit Unilogin, når du ikke vil have flere. Linket nederst i hver mail gør "
                    "det samme uden login.",
                    "Press **Stop the emails** on Mit Unilogin when you want no more. The link at the bottom of every "
                    "email does the same without a login.",
                ),
            ),
        ),
    ),
    words=Text("besked notifikation e-mail afmeld framelde", "notification email unsubscribe"),
    see_also=("data-om-mit-barn", "ny-adgangskode-til-barn"),
)

APPROVE = Guide(
    slug="godkend-tjeneste",
    title=Text("Når en tjeneste beder om en voksen", "When a service asks for an adult"),
    lead=Text(
        "Nogle tjenester skal bruge et ja fra en voksen, før et barn må komme ind.",
        "Some services need a yes from an adult before a child may come in.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            title=Text("Hjemme", "At home"),
            steps=(
                Text(
                    "Barnet logger på og åbner tjenesten. Siden siger, at barnet venter.",
                    "The child logs in and opens the service. The page says that the child is waiting.",
                ),
                Text(
                    "Vælg linket til at godkende med MitID ved barnets skærm, og tryk **Fortsæt med MitID**.",
                    "Choose the link to approve with MitID at the child's screen, and press **Continue with MitID**.",
                ),
            ),
            after=(
                Text(
                    "Det kræver, at du har forældremyndighed over barnet. Dit ja gælder kun den ene tjeneste, i "
                    "{step_up_minutes} minutter, og det slutter, når barnet logger af.",
                    "You must have custody of the child. Your yes only covers that one service, for {step_up_minutes} "
                    "minutes, and it ends when the child logs out.",
                ),
            ),
        ),
        Part(
            title=Text("I skolen", "At school"),
            before=(
                Text(
                    "Læreren ser med det samme, hvem der venter, og siger ja eller nej. Barnets side går selv videre.",
                    "The teacher sees at once who is waiting, and says yes or no. The child's page goes on by itself.",
                ),
            ),
        ),
    ),
    words=Text("step-up venterum vente voksenverificeret ja", "step-up waiting approve adult verified"),
    see_also=("data-om-mit-barn", "ingen-adgang"),
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
    (OWN_NAME, CHILDS_NAME, HELP_CHILD, APPROVE, AT_HOME, DATA, MAIL, PROTECTED),
)
