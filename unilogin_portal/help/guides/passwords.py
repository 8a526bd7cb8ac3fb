"""User names and passwords, whoever one is (D3.1, D3.2, D3.4)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text
from .shared import KEEP_OR_MAKE, REPEAT, TYPE_NAME

CHANGED = dt.date(2026, 11, 21)
GET_A_NEW_ONE = "Vælg **Få en ny adgangskode** under Andre muligheder, og derefter **{}**."
GET_A_NEW_ONE_EN = "Choose **Get a new password** under Other options, and then **{}**."

WHICH_LOGIN = Guide(
    slug="vaelg-login",
    title=Text("Hvilket login skal jeg vælge?", "Which login do I choose?"),
    lead=Text("Der er to veje ind på samme konto.", "There are two ways into the same account."),
    changed=CHANGED,
    parts=(
        Part(
            terms=(
                (
                    Text("Unilogin", "Unilogin"),
                    Text(
                        "Du skriver brugernavn og adgangskode. Alle kan bruge det, også elever uden MitID.",
                        "You enter your user name and password. Everyone can use it, including pupils without MitID.",
                    ),
                ),
                (
                    Text("MitID", "MitID"),
                    Text(
                        "For forældre, ansatte og elever, der har MitID. Du behøver ikke huske dit brugernavn.",
                        "For parents, employees and pupils who have MitID. You do not have to remember your user name.",
                    ),
                ),
            ),
            after=(
                Text(
                    "Har din kommune eller skole sin egen login-løsning, så brug den dér, hvor skolen siger det. "
                    "Får du problemer med den, er det skolens support, der hjælper.",
                    "If your municipality or school has its own login solution, use it where the school says so. If "
                    "you have problems with it, ask the school's support.",
                ),
            ),
        ),
    ),
    words=Text("loginvælger lokalt login kommune mitid unilogin forskel", "chooser local login difference"),
    see_also=("foerste-adgangskode", "ingen-adgang"),
)

FIRST = Guide(
    slug="foerste-adgangskode",
    title=Text("Lav din første adgangskode", "Create your first password"),
    lead=Text(
        "Det gør du, første gang du logger på med dit brugernavn.",
        "You do it the first time you log in with your user name.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                TYPE_NAME,
                Text("Tryk **MitID**, og log på med dit MitID.", "Press **MitID**, and log in with your MitID."),
                KEEP_OR_MAKE,
                REPEAT,
            ),
            after=(
                Text(
                    "Er du elev uden MitID, så sig det til din lærer, eller få en forælder til at vælge **Hjælp mit "
                    "barn med MitID** nederst på siden.",
                    "If you are a pupil without MitID, tell your teacher, or ask a parent to choose **Help my child "
                    "with MitID** at the bottom of the page.",
                ),
                Text(
                    "Godtager vi ikke den adgangskode, du selv finder på, så brug den, vi foreslår.",
                    "If we do not accept the password you choose yourself, use the one we suggest.",
                ),
            ),
        ),
    ),
    words=Text("ny kode første gang oprette", "new code first time create"),
    see_also=("krav-til-adgangskoden", "elev-hjaelp"),
)

FORGOTTEN = Guide(
    slug="glemt-adgangskode",
    title=Text("Du har glemt adgangskoden", "You have forgotten the password"),
    lead=Text(
        "Lav en ny med dit MitID. Den virker med det samme.",
        "Create a new one with your MitID. It works at once.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                TYPE_NAME,
                Text(GET_A_NEW_ONE.format("Glemt adgangskode"), GET_A_NEW_ONE_EN.format("Forgotten password")),
                Text("Tryk **Brug MitID**, og log på.", "Press **Use MitID**, and log in."),
                KEEP_OR_MAKE,
                REPEAT,
            ),
            after=(
                Text(
                    "Er du elev uden MitID? Se, [hvem der kan hjælpe](#elev-hjaelp).",
                    "Are you a pupil without MitID? See [who can help](#elev-hjaelp).",
                ),
                Text(
                    "Bruger I en anden login-løsning end Unilogin, så er det dens support, der hjælper.",
                    "If you use a login solution other than Unilogin, its own support can help.",
                ),
            ),
        ),
    ),
    words=Text("glemt kode nulstil reset ny adgangskode password", "forgot reset new password code"),
    see_also=("skift-adgangskode", "glemt-brugernavn", "elev-glemt"),
)

CHANGE = Guide(
    slug="skift-adgangskode",
    title=Text("Skift en adgangskode, du kender", "Change a password you know"),
    lead=Text("Her behøver du ikke MitID.", "You do not need MitID for this."),
    changed=CHANGED,
    parts=(
        Part(
            steps=(
                TYPE_NAME,
                Text(GET_A_NEW_ONE.format("Skift adgangskode"), GET_A_NEW_ONE_EN.format("Change password")),
                Text(
                    "Skriv din nuværende adgangskode, og tryk **Næste**.",
                    "Enter your current password, and press **Next**.",
                ),
                KEEP_OR_MAKE,
                REPEAT,
            ),
            after=(
                Text(
                    "Er du allerede logget på, så vælg **Skift adgangskode** på [Mit Unilogin](mitunilogin:overview).",
                    "If you are logged in already, choose **Change password** on [Mit Unilogin](mitunilogin:overview).",
                ),
            ),
        ),
        Part(
            title=Text("Når vi beder dig skifte", "When we ask you to change it"),
            points=(
                Text(
                    "Eleven kommer i 4. eller 7. klasse: Der er {renewal_days} dage fra første login. Vælg "
                    "**Skift nu** eller **Ikke nu**.",
                    "The pupil starts in grade 4 or 7: There are {renewal_days} days from the first login. Choose "
                    "**Change now** or **Not now**.",
                ),
                Text(
                    "Adgangskoden er snart et år gammel: Vi siger det {warning_days} dage før.",
                    "The password is nearly a year old: We tell you {warning_days} days ahead.",
                ),
                Text(
                    "Når tiden er gået, får du en ny, når du logger på. Du skal bare kende den gamle.",
                    "When the time is over, you get a new one when you log in. You only need to know the old one.",
                ),
            ),
        ),
    ),
    words=Text("ændre kode forny udløbet snart skifte udsæt", "change renew expired soon postpone"),
    see_also=("krav-til-adgangskoden", "glemt-adgangskode"),
)

FORGOTTEN_NAME = Guide(
    slug="glemt-brugernavn",
    title=Text("Du har glemt brugernavnet", "You have forgotten the user name"),
    lead=Text("Du finder det med MitID, lige som første gang.", "You find it with MitID, just like the first time."),
    changed=CHANGED,
    parts=(
        Part(
            points=(
                Text(
                    "Forælder: [få dit brugernavn](#brugernavn-foraelder).",
                    "Parent: [get your user name](#brugernavn-foraelder).",
                ),
                Text(
                    "Ansat: [få dit brugernavn](#brugernavn-ansat).",
                    "Employee: [get your user name](#brugernavn-ansat).",
                ),
                Text(
                    "Elev: spørg din lærer, eller [find det med MitID](#elev-faa-unilogin).",
                    "Pupil: ask your teacher, or [find it with MitID](#elev-faa-unilogin).",
                ),
            ),
            after=(
                Text(
                    "Et brugernavn er fire bogstaver og fire tal, for eksempel abcd1234. Det er dit hele livet.",
                    "A user name is four letters and four digits, for example abcd1234. It is yours for life.",
                ),
            ),
        ),
    ),
    words=Text("brugernavn væk huske id unilogin", "user name lost remember id"),
    see_also=("glemt-adgangskode", "barnets-brugernavn"),
)

RULES = Guide(
    slug="krav-til-adgangskoden",
    title=Text("Hvad kræves der af en adgangskode?", "What are the rules for a password?"),
    lead=Text(
        "Kravet følger klassetrinnet og vokser med barnet.",
        "The rules depend on the grade and grow with the child.",
    ),
    changed=CHANGED,
    parts=(
        Part(
            terms=(
                (
                    Text("0. til 3. klasse", "Grades 0 to 3"),
                    Text(
                        "Fire billeder i rækkefølge, som vi vælger. Dem beholder barnet til og med 3. klasse.",
                        "Four pictures in order, which we choose. The child keeps them until the end of grade 3.",
                    ),
                ),
                (
                    Text("4. til 6. klasse", "Grades 4 to 6"),
                    Text(
                        "Et eller to ord med små bogstaver, 8 til 24 tegn. Eleven kan selv lave en anden.",
                        "One or two words in lower case letters, 8 to 24 characters. The pupil can choose another.",
                    ),
                ),
                (
                    Text("Fra 7. klasse og for alle voksne", "Grade 7 and above, and all adults"),
                    Text(
                        "8 til 24 tegn med store og små bogstaver og mindst ét tal. Den gælder i {password_days} dage.",
                        "8 to 24 characters with upper and lower case letters and at least one digit. It is valid for "
                        "{password_days} days.",
                    ),
                ),
            ),
        ),
        Part(
            title=Text("Det må den ikke være", "What it must not be"),
            points=(
                Text(
                    "Dit eget navn, eller noget med dit navn i.",
                    "Your own name, or anything with your name in it.",
                ),
                Text(
                    "En årstid, eller en adgangskode, som mange bruger.",
                    "A season, or a password that many people use.",
                ),
                Text("En af dine fem seneste.", "One of your last five passwords."),
                Text(
                    "Andre tegn end bogstaverne a til z, tal og almindelige tegn. Æ, ø og å går ikke.",
                    "Made of anything but the letters a to z, digits and common symbols. Æ, ø and å are not accepted.",
                ),
            ),
            after=(
                Text(
                    "Adgangskoden er din alene. Hverken skolen eller vi kan se den bagefter, og ingen må bede dig "
                    "om den.",
                    "The password is yours alone. Neither the school nor we can see it afterwards, and nobody may "
                    "ask you for it.",
                ),
            ),
        ),
    ),
    words=Text("regler politik tegn længde udskoling indskoling mellemtrin", "rules policy characters length"),
    see_also=("skift-adgangskode", "foerste-adgangskode"),
)

GROUP = Group(
    "adgangskoder",
    Text("Brugernavn og adgangskode", "User name and password"),
    Text("Lav, skift og find dem igen.", "Create them, change them and find them again."),
    (WHICH_LOGIN, FIRST, FORGOTTEN, CHANGE, FORGOTTEN_NAME, RULES),
)
