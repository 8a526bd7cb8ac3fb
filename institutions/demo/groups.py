"""The groups of an institution of the demo country, and who goes into which (D1.4)."""

from .inhabitants import Group
from .places import DayCare, Place, School

STAFF_TEAMS = ("Indskoling", "Mellemtrin", "Udskoling")
AFTER_SCHOOL = "SFO"


def main_groups(place: Place) -> list[tuple[str, str]]:
    """Return (level, group id) of each class or room."""
    shape = place.shape
    if isinstance(shape, DayCare):
        return [("DT", room) for room in shape.rooms]
    return [(level, f"{level}{line}") for level in shape.levels for line in shape.lines]


def groups(place: Place) -> list[Group]:
    """Return every group that the institution delivers."""
    shape = place.shape
    if isinstance(shape, DayCare):
        return [Group(room, room, "Hovedgruppe", "DT") for room in shape.rooms]
    found = [
        Group(f"{level}{line}", f"{level}.{line}", "Hovedgruppe", level, line)
        for level in shape.levels
        for line in shape.lines
    ]
    if len(shape.lines) > 1:
        found += [Group(f"Årgang {level}", f"{level}. årgang", "Årgang") for level in shape.levels]
    if {"7", "8", "9"} & set(shape.levels):
        found += [Group(f"{language} 7-9", f"{language}, 7.-9. klasse", "Hold") for language in ("Tysk", "Fransk")]
    if shape.after_school:
        found.append(Group(AFTER_SCHOOL, "Skolefritidsordning", "SFO"))
    return [*found, *(Group(team, team, "Team") for team in STAFF_TEAMS)]


def further_groups(shape: School | DayCare, level: str, *, number: int) -> tuple[str, ...]:
    """Return a pupil's groups besides the main group; `number` spreads the pupils over what one may choose."""
    if isinstance(shape, DayCare):
        return ()
    found = []
    if len(shape.lines) > 1:
        found.append(f"Årgang {level}")
    if level in {"7", "8", "9"}:
        found.append("Fransk 7-9" if number % 4 == 0 else "Tysk 7-9")
    if shape.after_school and level in {"0", "1", "2", "3"} and number % 5:
        found.append(AFTER_SCHOOL)
    return tuple(found)
