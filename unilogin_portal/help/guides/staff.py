"""For employees of schools and day care (D3.3 to D3.5)."""

import datetime as dt

from ..guide import Group, Guide, Part
from ..text import Text
from .shared import (
    ASK_FOR_THE_NAME_PAGE,
    CHOOSE_UNILOGIN,
    CREATE_THE_FIRST_TIME,
    LOG_IN_WITH_MITID,
    PRESS_FINISH,
    WRITE_TO_SUPPORT,
)

CHANGED = dt.date(2026, 11, 22)

OWN_NAME = Guide(
    slug="brugernavn-ansat",
    title=Text("Få dit brugernavn som ansat", "Get your user name as an employee"),
    lead=Text(
        "Du bruger dit private MitID første gang, og siden kun hvis du glemmer noget.",
        "You use your private MitID the first time, and later only if you forget something.",
    ),
    changed=CHANGED,
    note=Text(
        "Arbejdspladsen skal først skrive dig ind i sit eget system. Der går cirka et døgn, før du kan få dit "
        "brugernavn.",
        "Your workplace must first register you in its own system. It takes about a day before you can get your "
        "user name.",
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
                    "Du har kun ét Unilogin, også hvis du både er ansat og forælder, eller skifter arbejdsplads.",
                    "You only have one Unilogin, even if you are both an employee and a parent, or change workplace.",
                ),
            ),
        ),
    ),
    words=Text(
        "medarbejder lærer pædagog vikar leder aktivere ny",
        "employee teacher pedagogue substitute leader activate",
    ),
    see_also=("foerste-adgangskode", "ikke-tilknyttet"),
)

PUPIL_ACCESS = Guide(
    slug="elevadgang",
    title=Text("Elevadgang: hjælp en elev med adgangskoden", "Elevadgang: help a pupil with the password"),
    lead=Text(
        "Elevadgang er lærerens værktøj til at give en elev en ny adgangskode og til at sige ja, når en tjeneste beder "
        "om en voksen.",
        "Elevadgang is the teacher's tool for giving a pupil a new password, and for saying yes when a service asks "
        "for an adult.",
    ),
    changed=CHANGED,
    note=Text(
        "Du ser aldrig elevens adgangskode og må ikke føre lister over adgangskoder.",
        "You never see a pupil's password and may not keep lists of passwords.",
    ),
    parts=(
        Part(
            title=Text("Giv en ny adgangskode", "Give a new password"),
            steps=(
                Text(
                    "Åbn [Elevadgang](elevadgang:front), og log på.", "Open [Elevadgang](elevadgang:front), and log in."
                ),
                Text(
                    "Vælg klassen, sæt hak ved eleverne, og tryk **Giv ny adgangskode**.",
                    "Choose the class, tick the pupils, and press **Give new password**.",
                ),
                Text(
                    "Bed eleven skrive sit brugernavn på en side med Unilogin. Det skal ske inden {window_minutes} "
                    "minutter.",
                    "Ask the pupil to type the user name on a page with Unilogin, within {window_minutes} minutes.",
                ),
                Text(
                    "Vis eleven billedet under **Åbne vinduer**. Eleven vælger det samme på sin egen skærm og får så "
                    "den nye adgangskode.",
                    "Show the pupil the picture on **Open windows**. The pupil chooses the same one on the own screen, "
                    "and then gets the new password.",
                ),
            ),
            after=(
                Text(
                    "Vælger eleven forkert, lukker vinduet. Er det den rigtige elev, så giv en ny adgangskode igen. "
                    "Den gamle virker, indtil eleven har gentaget den nye.",
                    "If the pupil chooses wrong, the window closes. If it is the right pupil, give a new password "
                    "again. The old one works until the pupil has repeated the new one.",
                ),
            ),
        ),
        Part(
            title=Text("Andet, du kan gøre for en elev", "What else you can do for a pupil"),
            before=(
                Text(
                    "Tryk på elevens navn i klassen. På elevens side kan du:",
                    "Press the pupil's name in the class. On the pupil's page you can:",
                ),
            ),
            points=(
                Text(
                    "**Ophæv pause** efter for mange forkerte forsøg. Eleven kan prøve igen med det samme.",
                    "**End the pause** after too many wrong tries. The pupil can try again at once.",
                ),
                Text(
                    "**Skal bruge billeder**, når en elev ikke kan bruge klassens slags adgangskode. Det gælder fra "
                    "den næste nye adgangskode. **Samme som klassen** fører tilbage.",
                    "**Is to use pictures** when a pupil cannot use the class's kind of password. It counts from the "
                    "next new password. **Same as the class** leads back.",
                ),
                Text(
                    "**Billederne står altid i samme rækkefølge**, når det forvirrer eleven, at de skifter plads.",
                    "**The pictures always stand in the same order** when a pupil is confused by their moving.",
                ),
            ),
            after=(
                Text(
                    "**Print klasseliste** over klassen giver en liste med navne og brugernavne.",
                    "**Print class list** above the class gives a list of names and user names.",
                ),
            ),
        ),
        Part(
            title=Text("Sig ja til en tjeneste", "Say yes to a service"),
            before=(
                Text(
                    "Under **Venterum** ser du, hvem der venter, og på hvilken tjeneste. Tryk **Godkend** eller "
                    "**Afvis**. Et ja gælder kun den tjeneste, i {step_up_minutes} minutter.",
                    "On **Waiting room** you see who is waiting, and for which service. Press **Approve** or "
                    "**Refuse**. A yes only covers that service, for {step_up_minutes} minutes.",
                ),
            ),
        ),
        Part(
            title=Text("Lån klassen ud til en vikar", "Lend the class to a substitute"),
            steps=(
                Text("Vælg **Vikarer** i Elevadgang.", "Choose **Substitutes** in Elevadgang."),
                Text(
                    "Vælg klassen, skriv kollegaens navn, og tryk **Find kollega**.",
                    "Choose the class, write the colleague's name, and press **Find a colleague**.",
                ),
                Text(
                    "Vælg kollegaen og den sidste dag, og tryk **Giv adgang**.",
                    "Choose the colleague and the last day, and press **Give access**.",
                ),
            ),
            after=(
                Text(
                    "Kollegaen skal være ansat på samme skole og kan ikke låne klassen videre. Adgangen slutter af sig "
                    "selv, eller når en af klassens lærere vælger **Afslut**.",
                    "The colleague must be employed at the same school, and cannot lend the class on. The access ends "
                    "by itself, or when one of the class's teachers chooses **End**.",
                ),
            ),
        ),
        Part(
            title=Text("Hvem ser hvad?", "Who sees what?"),
            points=(
                Text(
                    "Du ser kun elever i de klasser og hold, som du er lærer for i skolens eget system, og dem, du har "
                    "lånt.",
                    "You only see pupils in the classes and groups you teach, as the school's own system has it, and "
                    "those that are lent to you.",
                ),
                Text(
                    "**Historik** viser, hvad skolen har gjort for eleverne de seneste 30 dage. Kun ledere og "
                    "brugeradministratorer ser kollegers navne.",
                    "**History** shows what the school has done for the pupils in the last 30 days. Only leaders and "
                    "user administrators see colleagues' names.",
                ),
                Text(
                    "Elever og forældre ser på Mit Unilogin, hvornår de fik hjælp, og fra hvilken rolle og skole.",
                    "Pupils and parents see on Mit Unilogin when they got help, and from which role and school.",
                ),
                Text(
                    "Brugeradministratorer logger på med MitID Erhverv og retten ”Unilogin – Brugeradministrator i "
                    "ElevAdgang”. De ser hele skolen og kan også spærre en elev.",
                    "User administrators log in with MitID Erhverv and the right “Unilogin – Brugeradministrator i "
                    "ElevAdgang”. They see the whole school and can also block a pupil.",
                ),
            ),
        ),
    ),
    words=Text(
        "nulstille elev kode brugeradministrator lærer reset vikar vindue venterum billede",
        "reset pupil password teacher administrator substitute window waiting room picture",
    ),
    see_also=("elev-hjaelp", "krav-til-adgangskoden"),
)

LANGUAGE_ASSESSMENT = Guide(
    slug="sprogvurdering",
    title=Text("Sprogvurdering: to redskaber", "Sprogvurdering: two instruments"),
    lead=Text(
        "Sprogvurdering 2 år og Sprogvurdering 3-6 viser, hvilken sproglig indsats et barn har brug for.",
        "Sprogvurdering 2 år and Sprogvurdering 3-6 show which language support a child needs.",
    ),
    changed=CHANGED,
    note=Text(
        "Sprogvurdering er ikke åben på denne portal. [Kontakt support](#support), hvis I skal i gang nu.",
        "Sprogvurdering is not open on this portal. [Contact support](#support) if you need to start now.",
    ),
    parts=(
        Part(
            title=Text("Hvem bruger dem?", "Who uses them?"),
            points=(
                Text(
                    "Dagtilbud, børnehaveklasser og kommuner. Det er gratis.",
                    "Day care, pre-school classes and municipalities. It is free.",
                ),
                Text(
                    "Ansatte logger på med Unilogin. Kommunens medarbejdere bruger MitID Erhverv.",
                    "Employees log in with Unilogin. The municipality's staff use MitID Erhverv.",
                ),
                Text(
                    "TrygFondens Børneforskningscenter og Institut for Kommunikation og Kultur på Aarhus "
                    "Universitet har udviklet redskaberne for ministeriet.",
                    "TrygFonden's Centre for Child Research and the School of Communication and Culture at Aarhus "
                    "University developed the instruments for the ministry.",
                ),
            ),
        ),
        Part(
            title=Text("Er I et privat dagtilbud?", "Are you a private day-care centre?"),
            before=(
                Text(
                    "Har kommunen bedt jer sprogvurdere, så aftal med kommunen eller jeres brancheorganisation, "
                    "hvilket it-system I skal bruge.",
                    "If the municipality has asked you to assess language, agree with the municipality or your "
                    "trade organisation which IT system to use.",
                ),
            ),
        ),
    ),
    words=Text("sprog test børnehaveklasse dagtilbud vurdering", "language test pre-school assessment"),
    see_also=("tilslut-privat-dagtilbud", "support"),
)

SICK_LEAVE = Guide(
    slug="sygefravaer",
    title=Text("Indberet sygefravær", "Report sick leave"),
    lead=Text(
        "Hver uge får kommuner samt frie og private grundskoler en mail med deres eget link.",
        "Each week municipalities, and free and private schools, get an email with their own link.",
    ),
    changed=CHANGED,
    note=Text(
        "Har I ikke fået en mail, eller er linket blevet væk? [Få jeres link igen](reporting:lost_link). Det bliver "
        "sendt til den adresse, der er registreret for jer.",
        "Have you had no email, or lost the link? [Have your link sent again](reporting:lost_link). It goes to the "
        "address that is registered for you.",
    ),
    parts=(
        Part(
            title=Text("Sådan gør I", "What to do"),
            steps=(
                Text(
                    "Åbn linket i mailen. Det er jeres eget, så send det ikke til andre skoler eller afdelinger.",
                    "Open the link in the email. It is your own, so do not send it to other schools or departments.",
                ),
                Text(
                    "Udfyld tallene, et afsnit ad gangen. De bliver gemt, mens I skriver. **Begynd med antallene fra "
                    "sidst** sætter sidste uges antal ind.",
                    "Fill in the numbers, a section at a time. They are saved as you write. **Begin with last time's "
                    "totals** fills in last week's totals.",
                ),
                Text(
                    "Luk siden, når I vil, og fortsæt med samme link. To kan skrive på samme tid.",
                    "Close the page when you like, and go on by the same link. Two can write at the same time.",
                ),
                Text(
                    "Ser et tal forkert ud, spørger siden. Ret det, eller sæt hak ved **Bekræft**, hvis det passer.",
                    "Where a number looks wrong, the page asks. Correct it, or tick **Confirm** if it is right.",
                ),
                Text(
                    "Se det hele igennem på den sidste side. Vil I have en kopi, så tryk på printeren.",
                    "Look through all of it on the last page. If you want a copy, press the printer.",
                ),
                Text(
                    "Tryk **Afslut**. Først da er svarene sendt. Linket viser derefter jeres kvittering.",
                    "Press **Finish**. Only then are the answers sent. After that the link shows your receipt.",
                ),
            ),
        ),
        Part(
            title=Text("Er noget forkert, når I har afsluttet?", "Is something wrong after you have finished?"),
            steps=(
                Text(
                    "Åbn linket igen, og vælg **Bed os åbne svaret igen**. Skriv, hvad der skal rettes.",
                    "Open the link again, choose **Ask us to open the answer again**, and write what is wrong.",
                ),
                Text(
                    "I får en mail, når svaret er åbnet. Ret tallene, og tryk **Afslut** igen inden syv dage. Indtil "
                    "da gælder det, I sendte først.",
                    "You get an email when the answer is open. Correct the numbers, and press **Finish** again within "
                    "seven days. Until then what you sent first counts.",
                ),
            ),
        ),
        Part(
            title=Text("Hvem indberetter hvad?", "Who reports what?"),
            points=(
                Text(
                    "Frie og private grundskoler: elever og personale på skolen. Normalklasser for hvert "
                    "klassetrin, specialklasser samlet. Skolestartere i SFO eller førskole tæller for sig.",
                    "Free and private schools: the school's pupils and staff. Ordinary classes for each level, "
                    "special classes together. School starters in after-school care count separately.",
                ),
                Text(
                    "Kommuner: personale i de kommunale grundskoler, og børn og personale i dagtilbud og dagpleje. "
                    "Et samlet tal for kommunen.",
                    "Municipalities: staff of the municipal schools, and children and staff of day care and child "
                    "minders. One total for the municipality.",
                ),
                Text(
                    "Dagtilbud på en privatskoles adresse indberettes af kommunen, ikke af skolen.",
                    "Day care at a private school's address is reported by the municipality, not by the school.",
                ),
            ),
        ),
        Part(
            title=Text("Hvordan tæller vi personale?", "How do we count staff?"),
            before=(
                Text(
                    "Tæl hoveder, ikke årsværk. Alle faggrupper tæller med, både faste og vikarer, på fuld tid og "
                    "deltid.",
                    "Count heads, not full-time equivalents. All occupations count, permanent and temporary, full "
                    "and part time.",
                ),
            ),
            after=(WRITE_TO_SUPPORT,),
        ),
    ),
    words=Text(
        "fravær syge indberetning smitte ugentlig skema link mail",
        "absence ill report weekly form link mail",
    ),
    see_also=("support",),
)

GROUP = Group(
    "ansatte",
    Text("For ansatte", "For employees"),
    Text(
        "Brugernavn, Elevadgang, sprogvurdering og sygefravær.",
        "User name, Elevadgang, language assessment and sick leave.",
    ),
    (OWN_NAME, PUPIL_ACCESS, LANGUAGE_ASSESSMENT, SICK_LEAVE),
)
