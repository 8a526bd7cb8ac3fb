"""What never goes, in whichever format: registered names of protected people, and CPR numbers that nobody agreed on."""

import pytest

from dataagreements.exports.oneroster.tables import RESOURCES
from dataagreements.packages import OPTIONAL, Package
from tests.cast import CPR
from tests.machines import body

EXPORT = "/api/eksport/v7/101001"
AGREEMENTS = "/api/eksport/v7/dataaftaler"
ROSTER = "/ims/oneroster/rostering/v1p2"
REGISTERED = ("Liv<", "Skov", '"Liv"', "Krogh", "Hemmelig", "Skjulested", "33110005", "33110006", "33110004")


def everything(machine, package: str) -> str:
    """All that a system gets by its agreement, in every format."""
    query = {"pakke": package, "inkluderCpr": "true"}
    paths = [f"{ROSTER}/{name}?limit=10000" for name in RESOURCES]
    answers = [machine.get(EXPORT, query), machine.get(AGREEMENTS, query), *map(machine.get, paths)]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(body(answer).decode() for answer in answers)


@pytest.mark.parametrize("package", [Package.SMALL, Package.MEDIUM, Package.FULL, Package.FULL_AUTHORITY])
def test_protected_people_go_by_their_alias_alone_in_every_format(machine, school, agreed, package):
    """With all that is not their registered name; an authority gets address and telephone besides (D1.8)."""
    agreed(school, package=package, ticked=OPTIONAL[package] - {"registered_name"})
    text = everything(machine, package)
    assert "Bech" in text
    kept = REGISTERED if package != Package.FULL_AUTHORITY else REGISTERED[:4]
    assert [trace for trace in kept if trace in text] == []


def test_the_registered_name_that_an_authority_gets_is_not_in_oneroster(machine, school, agreed):
    agreed(school, package=Package.FULL_AUTHORITY, ticked=frozenset(OPTIONAL[Package.FULL_AUTHORITY]))
    assert "Skov" in body(machine.get(EXPORT, {"pakke": "fuldmyndighed"})).decode()
    for asked in ("familyName='Skov'", "familyName~'kov'", "givenName='Liv'", "familyName='Krogh'"):
        assert machine.get(f"{ROSTER}/users", {"filter": asked}).json() == {"users": []}
    told = "".join(machine.get(f"{ROSTER}/{name}").content.decode() for name in RESOURCES)
    assert [trace for trace in REGISTERED if trace in told] == []


@pytest.mark.parametrize("package", [Package.MEDIUM, Package.FULL_AUTHORITY])
@pytest.mark.parametrize("is_agreed", [True, False])
def test_a_cpr_number_goes_only_where_it_is_agreed_and_asked_for(machine, school, agreed, package, is_agreed):
    ticked = frozenset(OPTIONAL[package]) - (frozenset() if is_agreed else {"cpr"})
    agreed(school, package=package, ticked=ticked)
    queries: tuple[dict[str, str], ...] = ({}, {"inkluderCpr": "false"}, {"inkluderCpr": "true"})
    for query in queries:
        text = body(machine.get(EXPORT, {"pakke": package, **query})).decode()
        goes = is_agreed and query.get("inkluderCpr") == "true"
        assert any(number in text for number in CPR.values()) is goes
        assert ("CivilRegistration" in text) is goes
    small = body(machine.get(EXPORT, {"pakke": "lille", "inkluderCpr": "true"})).decode()
    told = "".join(machine.get(f"{ROSTER}/{name}").content.decode() for name in RESOURCES)
    assert not any(number in text for text in (small, told) for number in CPR.values())
