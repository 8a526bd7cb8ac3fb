"""Rights as NemLog-in sends them (D8.4)."""

import base64

import pytest

from accounts.activation import privileges
from accounts.activation.privileges import Constraint, PrivilegeGroup, Scope
from accounts.activation.refusals import Reason, SamlRefused

NEW, OLD = privileges.NAMESPACES


def encoded(*groups: str, namespace: str = NEW, before: str = "") -> str:
    xml = f'{before}<bpp:PrivilegeList xmlns:bpp="{namespace}">{"".join(groups)}</bpp:PrivilegeList>'
    return base64.b64encode(xml.encode()).decode()


def group(scope: str, *content: str) -> str:
    return f'<PrivilegeGroup Scope="urn:dk:gov:saml:{scope}">{"".join(content)}</PrivilegeGroup>'


RIGHT = "<Privilege>urn:dk:example:right</Privilege>"


@pytest.mark.parametrize("namespace", [NEW, OLD])
def test_both_namespaces_are_read(namespace: str):
    found = privileges.parse(encoded(group("cvrNumberIdentifier:12345678", RIGHT), namespace=namespace))
    assert found == (PrivilegeGroup(Scope.CVR, "12345678", ("urn:dk:example:right",)),)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("cvrNumberIdentifier:12345678", (Scope.CVR, "12345678")),
        ("productionUnitIdentifier:1234567890", (Scope.P, "1234567890")),
        ("seNumberIdentifier:12345678", (Scope.SE, "12345678")),
        ("cprNumberIdentifier:7103862334", (Scope.CPR, "7103862334")),
    ],
)
def test_the_four_scopes_are_known(scope: str, expected: tuple[Scope, str]):
    (found,) = privileges.parse(encoded(group(scope, RIGHT)))
    assert (found.scope, found.identifier) == expected


@pytest.mark.parametrize(
    "scope",
    [
        "cvrNumberIdentifier:1234567",
        "cvrNumberIdentifier:123456789",
        "cvrNumberIdentifier:١٢٣٤٥٦٧٨",
        "productionUnitIdentifier:12345678",
        "municipalityIdentifier:0101",
        "cvrNumberIdentifier:12345678:more",
        "cvrNumberIdentifier:",
        "",
    ],
)
def test_a_scope_that_is_not_understood_gives_nothing_and_stops_nobody(scope: str):
    known = group("cvrNumberIdentifier:12345678", RIGHT)
    assert len(privileges.parse(encoded(group(scope, RIGHT), known))) == 1


def test_a_scope_of_another_country_gives_nothing():
    assert privileges.parse(encoded(f'<PrivilegeGroup Scope="urn:se:x:12345678">{RIGHT}</PrivilegeGroup>')) == ()


def test_several_rights_and_constraints_are_kept():
    constraint = '<Constraint Name="urn:dk:example:institution">G12345</Constraint>'
    more = "<Privilege> urn:dk:example:other </Privilege>"
    (found,) = privileges.parse(encoded(group("cvrNumberIdentifier:12345678", constraint, RIGHT, more)))
    assert found.constraints == (Constraint("urn:dk:example:institution", "G12345"),)
    assert found.privileges == ("urn:dk:example:right", "urn:dk:example:other")


def test_a_group_without_rights_gives_nothing():
    assert privileges.parse(encoded(group("cvrNumberIdentifier:12345678"))) == ()
    assert privileges.parse(encoded(group("cvrNumberIdentifier:12345678", "<Privilege/>"))) == ()


def test_a_right_in_pieces_gives_nothing():
    assert privileges.parse(encoded(group("cvrNumberIdentifier:12345678", "<Privilege>urn:<b>x</b></Privilege>"))) == ()


def test_a_narrowed_right_gives_the_session_nothing():
    constraint = '<Constraint Name="urn:dk:example:institution">G12345</Constraint>'
    found = privileges.parse(encoded(group("cvrNumberIdentifier:12345678", constraint, RIGHT)))
    assert privileges.session_rights(found) == []


def test_rights_on_a_person_or_a_tax_unit_give_the_session_nothing():
    found = privileges.parse(
        encoded(group("cprNumberIdentifier:7103862334", RIGHT), group("seNumberIdentifier:12345678", RIGHT))
    )
    assert privileges.session_rights(found) == []


def test_line_breaks_in_the_base64_do_no_harm():
    text = encoded(group("cvrNumberIdentifier:12345678", RIGHT))
    assert len(privileges.parse(f" {text[:40]}\n{text[40:]}\n")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64!",
        "å",
        base64.b64encode(b"<a>").decode(),
        base64.b64encode(b"<PrivilegeList/>").decode(),
        encoded(before="<!DOCTYPE x>"),
        encoded(before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        encoded(group("cvrNumberIdentifier:12345678", "<Privilege>urn:a<!-- -->b</Privilege>")),
        encoded("<x>" * 100 + "</x>" * 100),
    ],
)
def test_what_is_no_privilege_list_is_refused(text: str):
    with pytest.raises(SamlRefused) as refused:
        privileges.parse(text)
    assert refused.value.reason is Reason.WRONG_PRIVILEGES
