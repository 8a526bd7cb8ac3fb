"""Where people are in the demo country: real institutions, from the two extracts beside this file, and how full."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
INSTITUTION_REGISTER = HERE / "institutionsregister.csv"
DAY_CARE_REGISTER = HERE / "dagtilbudsregister.csv"

LEVELS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")


@dataclass(frozen=True)
class School:
    """`size` pupils in each class; a class of every letter in `lines` at every level; `after_school`: has an SFO."""

    levels: tuple[str, ...]
    lines: str
    size: int
    after_school: bool = False


@dataclass(frozen=True)
class DayCare:
    """`size` children in each of the `rooms`, of the ages `youngest` to `oldest`."""

    rooms: tuple[str, ...]
    size: int
    youngest: int
    oldest: int


SHAPES: dict[str, School | DayCare] = {
    "265015": School(LEVELS, "AB", 11, after_school=True),
    "265012": School(LEVELS[:7], "A", 6, after_school=True),
    "281212": School(LEVELS, "A", 6, after_school=True),
    "265017": School(LEVELS, "A", 5),
    "265031": School(("10",), "ABC", 12),
    "479009": School(LEVELS[:7], "A", 6, after_school=True),
    "479014": School(LEVELS, "A", 4),
    "743020": School(LEVELS, "A", 5, after_school=True),
    "743015": School(LEVELS[7:], "A", 7),
    "751046": School(LEVELS[:7], "A", 5, after_school=True),
    "751089": School(LEVELS, "A", 4),
    "280144": School(("8", "9", "10"), "A", 6),
    "G18466": DayCare(("Mariehønen", "Sommerfuglen", "Bien"), 9, 1, 5),
    "G18819": DayCare(("Spirerne", "Knopperne"), 7, 1, 2),
    "G12392": DayCare(("Æblerne",), 14, 3, 5),
    "G22127": DayCare(("Ræven", "Haren"), 8, 1, 5),
    "G20554": DayCare(("Mågen", "Ternen"), 9, 1, 5),
    "G20555": DayCare(("Fyrtårnet", "Bøjen"), 8, 1, 5),
    "G17926": DayCare(("Gruppe Nord", "Gruppe Syd"), 5, 1, 2),
    "G14971": DayCare(("Lyngen", "Bregnen"), 9, 1, 5),
    "G24100": DayCare(("Solstrålen",), 14, 3, 5),
    "G20571": DayCare(("Bølgen", "Stranden"), 8, 1, 5),
    "G20129": DayCare(("Egernet",), 15, 3, 5),
    "G20138": DayCare(("Mælkebøtten",), 11, 1, 2),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An institution that delivers people."""

    number: str
    name: str
    municipality: str
    postal_code: str
    city: str
    shape: School | DayCare

    @property
    def source(self) -> str:
        """The system that delivers (D1.2 @source)."""
        return "Skolesystemet" if isinstance(self.shape, School) else "Pladsanvisningen"

    @property
    def domain(self) -> str:
        return f"{self.number.lower()}.example.dk"


@cache
def places() -> tuple[Place, ...]:
    """Return the institutions with people, in the order of `SHAPES`, named as the registers name them."""
    schools = {
        row["INST_NR"]: (row["INST_NAVN"], row["ADM_KOMMUNE_NAVN"], row["POSTNR"], row["POSTDISTRIKT"])
        for row in _rows(INSTITUTION_REGISTER)
    }
    units = {
        row["anvisningsenhedsNummer"]: (
            row["dagtilbudsNavn"],
            row["admKommuneKode_Tekst"],
            row["postNummer"],
            row["byNavn"],
        )
        for row in _rows(DAY_CARE_REGISTER)
        if row["dagtilbudsType"] == "anvisningsenhed"
    }
    known = schools | units
    return tuple(Place(number, *known[number], shape) for number, shape in SHAPES.items())


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
