"""The named people of the demo country: whom one can be, and what to try as them.

Their CPR numbers are replacement numbers and never change. `MITID` are those whom the stand-in MitID offers.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..roles import Right
from .years import Birthday, school_year


@dataclass(frozen=True)
class Professional:
    """What a MitID Erhverv log-in says of somebody's place of work: `rights` hold on `scope`, "cvr" or "p" (D8.4)."""

    organisation: str
    cvr: str
    p_number: str
    scope: str = "p"
    rights: tuple[Right, ...] = ()

    @property
    def identifier(self) -> str:
        return self.cvr if self.scope == "cvr" else self.p_number


@dataclass(frozen=True)
class Member:
    """One of the cast. The names are the registered ones; of a protected person the portal shows only `alias`."""

    first_name: str
    family_name: str
    female: bool
    birthday: Birthday
    cpr: str
    who: Promise
    trial: Promise
    alias: tuple[str, str] | None = None
    has_mitid: bool = True
    professional: Professional | None = None

    @property
    def name(self) -> str:
        """The registered name, as MitID knows it."""
        return f"{self.first_name} {self.family_name}"

    @property
    def shown_name(self) -> str:
        """The name that may be shown (D1.8)."""
        return " ".join(self.alias) if self.alias else self.name

    def birth_date(self, today: dt.date) -> dt.date:
        return self.birthday.date(school_year(today))


METTE = Member(
    "Mette",
    "Holm",
    True,
    Birthday(38, 2, 11),
    "7102880158",
    _("Teacher at Tjørnegårdskolen; mother of Esther and Viggo"),
    _("Get user names, make your first password, and help Emil in Elevadgang"),
)
JONAS = Member(
    "Jonas",
    "Holm",
    False,
    Birthday(41, 9, 23),
    "8309850069",
    _("Father of Esther and Viggo, with custody"),
    _("Get the children's user names as the other parent"),
)
ESTHER = Member(
    "Esther",
    "Holm",
    True,
    Birthday(8, 8, 1),
    "6108184548",
    _("Pupil in 2.A at Tjørnegårdskolen"),
    _("Enter her user name: she is too young for MitID, so the page says who can help"),
    has_mitid=False,
)
VIGGO = Member(
    "Viggo",
    "Holm",
    False,
    Birthday(4, 8, 1),
    "6108224159",
    _("Child in the day care Børnehuset Peblingevej"),
    _("Is on his parents' list of children"),
    has_mitid=False,
)
KARIM = Member(
    "Karim",
    "Nielsen",
    False,
    Birthday(34, 4, 6),
    "6604920467",
    _("Pedagogue in the day care Børnehuset Peblingevej"),
    _("Get your user name as an employee"),
)
SOFIE = Member(
    "Sofie",
    "Lund",
    True,
    Birthday(15, 8, 1),
    "6108114388",
    _("Pupil in 9.A at Tjørnegårdskolen, old enough for MitID"),
    _("Get your user name and make a password, with your own MitID"),
)
EMIL = Member(
    "Emil",
    "Berg",
    False,
    Birthday(11, 8, 1),
    "6108154509",
    _("Pupil in 5.A at Tjørnegårdskolen, without MitID"),
    _("Enter his user name and let his father help with MitID"),
    has_mitid=False,
)
LARS = Member(
    "Lars",
    "Berg",
    False,
    Birthday(43, 6, 17),
    "7706830469",
    _("Father of Emil, with custody"),
    _("Help Emil get a new password on his own screen"),
)
ANNA = Member(
    "Anna",
    "Krogh",
    True,
    Birthday(40, 10, 8),
    "6810860128",
    _("Contact person for Emil, without custody"),
    _("Get your own user name; Emil is not on your list"),
)
LIV = Member(
    "Liv",
    "Skov",
    True,
    Birthday(36, 3, 27),
    "8703900292",
    _("Mother with name and address protection: only her alias is ever shown"),
    _("See your own and your son's user names, and nothing but aliases"),
    alias=("Ane", "Bech"),
)
OTTO = Member(
    "Otto",
    "Skov",
    False,
    Birthday(7, 8, 1),
    "6108194349",
    _("Pupil in 1.A at Hvinningdalskolen, protected like his mother"),
    _("Is on his mother's list of children"),
    alias=("Bertram", "Bech"),
    has_mitid=False,
)
LEIF = Member(
    "Leif",
    "Dam",
    False,
    Birthday(55, 1, 19),
    "7901710079",
    _("Leader of Tjørnegårdskolen"),
    _("Log in to Elevadgang as user administrator with MitID Erhverv, and create a case"),
    professional=Professional(
        "Tjørnegårdskolen", "97208662", "9528349268", rights=(Right.AGREEMENTS, Right.PUPIL_ACCESS)
    ),
)
NADIA = Member(
    "Nadia",
    "Færch",
    True,
    Birthday(45, 12, 5),
    "6512810258",
    _("Officer for day care in Roskilde Kommune"),
    _("Log in with MitID Erhverv, and answer suppliers' requests in Tilslutning"),
    professional=Professional(
        "Roskilde Kommune",
        "97208662",
        "9720866201",
        scope="cvr",
        rights=(Right.AGREEMENTS, Right.USER_OVERVIEW, Right.LANGUAGE_MUNICIPAL),
    ),
)
SUNE = Member(
    "Sune",
    "Bak",
    False,
    Birthday(39, 6, 2),
    "6206870301",
    _("Works at Nordlys Læring, which makes Læsebroen"),
    _("Log in with MitID Erhverv, and ask institutions for data in Tilslutning"),
    professional=Professional("Nordlys Læring", "90001234", "9000123401", scope="cvr", rights=(Right.AGREEMENTS,)),
)
PETER = Member(
    "Peter",
    "Olsen",
    False,
    Birthday(29, 7, 14),
    "7407970599",
    _("Nobody has imported him"),
    _("See what someone whom no institution knows is told"),
)
IDA = Member(
    "Ida",
    "Vang",
    True,
    Birthday(37, 5, 25),
    "8505890214",
    _("Was a teacher at Tjørnegårdskolen until the last delivery"),
    _("See what someone who no longer belongs to an institution is told"),
)
BIRGIT = Member(
    "Birgit",
    "Toft",
    True,
    Birthday(51, 11, 2),
    "6211750268",
    _("Music teacher at Tjørnegårdskolen and at Nordskolen"),
    _("See two institutions on Mit Unilogin, and give Esther new pictures in Elevadgang"),
)

CAST: tuple[Member, ...] = (
    METTE,
    JONAS,
    ESTHER,
    VIGGO,
    KARIM,
    SOFIE,
    EMIL,
    LARS,
    ANNA,
    LIV,
    OTTO,
    LEIF,
    NADIA,
    SUNE,
    PETER,
    IDA,
    BIRGIT,
)
MITID: tuple[Member, ...] = tuple(member for member in CAST if member.has_mitid)
