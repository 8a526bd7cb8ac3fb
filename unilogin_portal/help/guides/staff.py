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

CHANGED = dt.date(2026, 11, 21)

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
        "Elevadgang er lærerens værktøj til at give en elev en ny adgangskode.",
        "Elevadgang is the teacher's tool for giving a pupil a new password.",
    ),
    changed=CHANGED,
    note=Text(
        "Elevadgang er ikke åben på denne portal. En forælder kan hjælpe med MitID. Haster det, så [kontakt "
        "support](#support).",
        "Elevadgang is not open on this portal. A parent can help with MitID. If it is urgent, [contact "
        "support](#support).",
    ),
    parts=(
        Part(
            title=Text("Sådan hjælper du i dag", "How to help today"),
            points=(
                Text(
                    "Kender eleven sin adgangskode? Så kan eleven selv [skifte den](#skift-adgangskode).",
                    "Does the pupil know the password? Then the pupil can [change it](#skift-adgangskode).",
                ),
                Text(
                    "Har eleven MitID? Så kan eleven selv [lave en ny](#glemt-adgangskode).",
                    "Does the pupil have MitID? Then the pupil can [create a new one](#glemt-adgangskode).",
                ),
                Text(
                    "Ellers kan en forælder [hjælpe med sit MitID](#ny-adgangskode-til-barn).",
                    "Otherwise a parent can [help with MitID](#ny-adgangskode-til-barn).",
                ),
            ),
        ),
        Part(
            title=Text("Reglerne for Elevadgang", "The rules of Elevadgang"),
            points=(
                Text(
                    "Du ser kun elever i de klasser og hold, som du er lærer for i skolens eget system.",
                    "You only see pupils in the classes and groups you teach, as the school's own system has it.",
                ),
                Text(
                    "En åbning varer fem minutter. Eleven skriver imens sit brugernavn og får en ny adgangskode på "
                    "skærmen.",
                    "An opening lasts five minutes. In that time, the pupil enters the user name and gets a new "
                    "password on the screen.",
                ),
                Text(
                    "Du ser aldrig adgangskoden og må ikke føre lister over adgangskoder.",
                    "You never see the password and may not keep lists of passwords.",
                ),
                Text(
                    "Brugeradministratorer logger på med MitID Erhverv og retten ”Unilogin – Brugeradministrator i "
                    "ElevAdgang”.",
                    "User administrators log in with MitID Erhverv and the right “Unilogin – Brugeradministrator i "
                    "ElevAdgang”.",
                ),
            ),
        ),
    ),
    words=Text("nulstille elev kode brugeradministrator lærer reset", "reset pupil password teacher administrator"),
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
        "I de uger, hvor tallene skal bruges, får skoler og kommuner en mail med deres eget link.",
        "In the weeks when the numbers are needed, schools and municipalities get an email with their own link.",
    ),
    changed=CHANGED,
    note=Text(
        "Indberetning er ikke åben på denne portal. Her står, hvordan den foregår, når den åbner. Spørgsmål? [Kontakt "
        "support](#support).",
        "Reporting is not open on this portal. This is how it works when it opens. Questions? [Contact "
        "support](#support).",
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
                    "Udfyld tallene. I kan lukke siden og fortsætte senere med samme link.",
                    "Fill in the numbers. You can close the page and go on later with the same link.",
                ),
                Text(
                    "Vil I have en kopi, så tryk på printeren på den sidste side.",
                    "If you want a copy, press the printer on the last page.",
                ),
                Text(
                    "Tryk **Afslut**. Først da er svarene sendt, og derefter kan de ikke rettes.",
                    "Press **Finish**. Only then are the answers sent, and after that they cannot be changed.",
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
