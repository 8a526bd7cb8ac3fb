"""Deliveries to measure with: invented people in real shapes, the same on every machine.

The tool beside the sample data writes the nights, where it is there; without it schools of our own do.
"""

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"
NATION = SHARED / "tools" / "nation.py"
SOURCE = "IST Tabulex"
OWN_NUMBERS = [f"9{n:05d}" for n in range(1, 201)]  # institutions of our own that deliver
OTHER_NUMBERS = [f"9{n:05d}" for n in range(1001, 1501)]  # and those whose people are just there
_FIRST = dt.datetime(2026, 11, 20, 2)  # noqa: DTZ001 - local, as sourceDateTime is
_SHARE = "0.06"  # of the country's institutions, about 27,000 persons
_SCHOOLS, _PUPILS = 54, 450  # without the tool
_NAMES = ["Anna", "Ida", "Emma", "Sofie", "Freja", "Alma", "Clara", "Ella"]
_NAMES += ["William", "Noah", "Oscar", "Lucas", "Carl", "Malthe", "Emil", "Alfred"]
_FAMILIES = ["Nielsen", "Jensen", "Hansen", "Pedersen", "Andersen", "Larsen", "Sørensen", "Rasmussen", "Møller"]
_FAMILIES += ["Østergaard", "Ågård"]
_CLASSES = [f"{level}{letter}" for level in range(10) for letter in "abcd"]


def write_country(folder: Path, *, night: int) -> Path:
    """Write the deliveries of some hundred institutions on a night; from one to the next about 1 % changes."""
    folder.mkdir()
    if NATION.exists():
        shell = [sys.executable, str(NATION), str(SHARED / "register"), str(folder)]
        subprocess.run([*shell, "--share", _SHARE, "--night", str(night)], check=True, capture_output=True)
    else:
        write_schools(folder, OWN_NUMBERS[:_SCHOOLS], _PUPILS, night=night)
    return folder


def write_schools(folder: Path, numbers: list[str], pupils: int, *, night: int = 0) -> Path:
    """Write deliveries of schools of our own, each with `pupils` pupils and an eleventh as many employees."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number}.xml").write_text(_delivery(number, pupils, night), encoding="utf-8")
    return folder


def later(folder: Path, hours: int) -> Path:
    """Return a copy of these deliveries with a later sourceDateTime and nothing else changed."""
    copy = folder.with_name(f"{folder.name}-later-{hours}")
    copy.mkdir()
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        moment = dt.datetime.fromisoformat(re.search('sourceDateTime="([^"]+)"', text)[1]) + dt.timedelta(hours=hours)
        text = re.sub('sourceDateTime="[^"]+"', f'sourceDateTime="{moment.isoformat()}"', text, count=1)
        (copy / file.name).write_text(text, encoding="utf-8")
    return copy


def _delivery(number: str, pupils: int, night: int) -> str:
    groups = [
        f"<Group><GroupId>{name}</GroupId><GroupName>{name}</GroupName><GroupType>Hovedgruppe</GroupType>"
        f"<GroupLevel>{name[0]}</GroupLevel><Line>{name[1].upper()}</Line></Group>"
        for name in _CLASSES
    ]
    persons = [_pupil(number, n, night) for n in range(pupils) if not (night and n % 500 == 1)]
    persons += [_pupil(number, pupils + night * 20 + n, night) for n in range(pupils // 300 if night else 0)]
    persons += [_employee(number, n) for n in range(pupils // 11)]
    moment = _FIRST + dt.timedelta(days=night)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<UNILoginImport xmlns="https://brugerdatabasen.stil.dk/bpi/wsaimport/7"'
        f' sourceDateTime="{moment.isoformat()}" source="{SOURCE}" schoolYear="2026-2027">\n'
        f"<Institution><InstitutionNumber>{number}</InstitutionNumber>\n"
        + "\n".join([*groups, *persons])
        + "\n</Institution></UNILoginImport>\n"
    )


def _pupil(number: str, n: int, night: int) -> str:
    """Write a pupil; two by two they are of a family. Of 500 one leaves, one is renamed, two move class, one home."""
    change, pair = n % 500 if night else 0, n // 2
    family, street = _FAMILIES[pair % 11], f"Skolevej {pair % 180}"
    group = _CLASSES[(n + (change in {3, 4})) % len(_CLASSES)]
    parents = "".join(
        f'<ContactPerson relation="{relation}" childCustody="true" accessLevel="2">'
        + _person(_cpr(number, 2 * pair + own, 1980), _NAMES[(pair + own) % 16], family, street, pair)
        + "</ContactPerson>"
        for own, relation in enumerate(["Mor", "Far"] if pair % 7 else ["Mor"])
    )
    name, home = family + ("-Holm" if change == 2 else ""), "Nyvej 1" if change == 5 else street
    return (
        f"<InstitutionPerson><LocalPersonId>e{n}</LocalPersonId>"
        f"{_person(_cpr(number, n, 2012), _NAMES[n % 16], name, home)}"
        f"<Student><Role>Elev</Role><StudentNumber>{n}</StudentNumber><Level>{group[0]}</Level>"
        f"<MainGroupId>{group}</MainGroupId>{parents}</Student></InstitutionPerson>"
    )


def _employee(number: str, n: int) -> str:
    person = _person(_cpr(number, n, 1960), _NAMES[n % 16], _FAMILIES[n % 11], f"Åvej {n}", n)
    group = _CLASSES[n % len(_CLASSES)]
    return (
        f"<InstitutionPerson><LocalPersonId>m{n}</LocalPersonId>{person}<Employee><Role>Lærer</Role>"
        f"<ShortName>L{n}</ShortName><Occupation>Lærer</Occupation><GroupId>{group}</GroupId></Employee>"
        "</InstitutionPerson>"
    )


def _person(cpr: str, first: str, family: str, street: str, mobile: int | None = None) -> str:
    further = "" if mobile is None else f'<MobilePhoneNumber protected="false">2{mobile:07d}</MobilePhoneNumber>'
    return (
        f'<Person protected="false"><FirstName>{first}</FirstName><FamilyName>{family}</FamilyName>'
        f"<CivilRegistrationNumber>{cpr}</CivilRegistrationNumber><EmailAddress>p{cpr}@example.dk</EmailAddress>"
        f"<Gender>{'K' if int(cpr) % 2 == 0 else 'M'}</Gender>"
        f"<Address><StreetAddress>{street}</StreetAddress><PostalCode>8000</PostalCode>"
        f"<PostalDistrict>Aarhus C</PostalDistrict><CountryCode>DK</CountryCode></Address>{further}</Person>"
    )


def _cpr(number: str, n: int, born: int) -> str:
    """Return a replacement number (60 added to the day), another for each person of each school."""
    serial, day = divmod(int(number) % 100_000 * 8_000 + n, 28 * 12 * 20)
    year, rest = born + day // 336 - (0 if born < 2000 else 6), day % 336
    century = 4000 if born >= 2000 else 0
    return f"{rest % 28 + 61:02d}{rest // 28 + 1:02d}{year % 100:02d}{century + serial:04d}"
