"""Where the named cast belongs: their homes, families and institutions."""

from dataclasses import dataclass

from .cast import ANNA, BIRGIT, EMIL, ESTHER, IDA, JONAS, KARIM, LARS, LEIF, LIV, METTE, OTTO, SOFIE, VIGGO, Member
from .dice import Dice
from .families import Registrar
from .groups import further_groups
from .inhabitants import BOTH_NIGHTS, Contact, Employee, Extern, Home, Inhabitant, Student
from .names import ORIGINS
from .places import SHAPES

SCHOOL, SECOND_SCHOOL, FAR_SCHOOL, DAY_CARE = "265015", "281212", "743020", "G18466"

_HOLMS = Home("Engdraget 12", "4000", "Roskilde")
_BERGS = Home("Møllegade 7", "4000", "Roskilde")
_LUNDS = Home("Fjordbakken 41", "4000", "Roskilde")
_SKOVS = Home("Lærkevej 3", "8600", "Silkeborg")
_ALONE = Home("Nørregade 28", "4000", "Roskilde")


@dataclass(frozen=True)
class Part:
    """What one of the cast is in one institution."""

    number: str
    person: Inhabitant
    part: Student | Employee | Extern
    nights: frozenset[int] = BOTH_NIGHTS


def parts(registrar: Registrar) -> list[Part]:
    """Return every tie of the cast, in an order that never changes."""
    return [*_holms(), *_bergs(), *_lunds(registrar), *_skovs(), *_colleagues()]


def _holms() -> list[Part]:
    mette, jonas = _adult(METTE, _HOLMS), _adult(JONAS, _HOLMS)
    both = Contact(mette, "Mor"), Contact(jonas, "Far")
    return [
        Part(SCHOOL, mette, Employee(("Lærer",), "Lærer", ("5A", "9A", "Mellemtrin"))),
        _pupil(SCHOOL, _child(ESTHER, _HOLMS), "2", "2A", both),
        Part(DAY_CARE, _child(VIGGO, _HOLMS), Student("DT", "Mariehønen", contacts=both)),
    ]


def _bergs() -> list[Part]:
    anna = Contact(_adult(ANNA, _ALONE), "Mor", custody=False, access_level=1)
    contacts = Contact(_adult(LARS, _BERGS), "Far"), anna
    return [_pupil(SCHOOL, _child(EMIL, _BERGS), "5", "5A", contacts)]


def _lunds(registrar: Registrar) -> list[Part]:
    dice = Dice("cast", "Lund")
    mother = registrar.adult(dice, ORIGINS[0], female=True, age=46, home=_LUNDS, family="Lund")
    return [_pupil(SCHOOL, _child(SOFIE, _LUNDS), "9", "9A", (Contact(mother, "Mor"),))]


def _skovs() -> list[Part]:
    return [_pupil(FAR_SCHOOL, _child(OTTO, _SKOVS), "1", "1A", (Contact(_adult(LIV, _SKOVS), "Mor"),))]


def _colleagues() -> list[Part]:
    birgit = _adult(BIRGIT, _ALONE)
    return [
        Part(SCHOOL, _adult(LEIF, _ALONE), Employee(("Leder",), "Skoleleder", location="Kontoret")),
        Part(SCHOOL, birgit, Employee(("Lærer",), "Musiklærer", ("2A", "2B", "5A", "Indskoling"))),
        Part(SECOND_SCHOOL, birgit, Employee(("Lærer",), "Musiklærer", ("4A", "6A"))),
        Part(SCHOOL, _adult(IDA, _ALONE), Employee(("Lærer",), "Lærer", ("8A", "Udskoling")), frozenset({1})),
        Part(DAY_CARE, _adult(KARIM, _ALONE), Employee(("Pædagog",), "Pædagog", ("Mariehønen",))),
    ]


def _pupil(number: str, child: Inhabitant, level: str, main_group: str, contacts: tuple[Contact, ...]) -> Part:
    return Part(number, child, Student(level, main_group, further_groups(SHAPES[number], level, number=1), contacts))


def _child(member: Member, home: Home) -> Inhabitant:
    return Inhabitant(
        member.first_name,
        member.family_name,
        member.female,
        member.birthday,
        member.cpr,
        home,
        alias=member.alias,
    )


def _adult(member: Member, home: Home) -> Inhabitant:
    email = f"{member.first_name}.{member.family_name}@post.example.dk".lower()
    return Inhabitant(
        member.first_name,
        member.family_name,
        member.female,
        member.birthday,
        member.cpr,
        home,
        email if member.alias is None else "beskyttet@post.example.dk",
        f"0{member.cpr[-4:]}512",
        member.alias,
    )
