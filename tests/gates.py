"""What every URL answers every member of the cast, as a table: `test_gates.py` holds the portal to it."""

from dataclasses import dataclass, field
from typing import Any

from .officers import MUNICIPALITY, SUPPLIER

OFFICERS = {"nadia": MUNICIPALITY, "sune": SUPPLIER}  # who come for an organisation with MitID Erhverv
MEMBERS = ("visitor", "mette", "tove", "karim", "sofie", "emil", "leif", "liv", "anna", "olga", *OFFICERS)
OF_NO_PERSON = ("olga", *OFFICERS)
TO_LOGIN = 302


@dataclass(frozen=True)
class Row:
    """What a URL answers: to a visitor, to everybody with a session, and to whom it answers otherwise."""

    visitor: int
    signed_in: int
    but: dict[str, int] = field(default_factory=dict)
    kwargs: dict[str, Any] = field(default_factory=dict)
    method: str = "get"

    def expected(self, member: str) -> int:
        return self.but.get(member, self.visitor if member == "visitor" else self.signed_in)


def page(**kwargs: Any) -> Row:
    """A page for everybody."""
    return Row(200, 200, kwargs=kwargs)


def step(**but: int) -> Row:
    """A step of a flow, visited without having begun: it leads to the beginning."""
    return Row(302, 302, but=but)


def administration(**kwargs: Any) -> Row:
    """A page of Brugeradministration about the cast's school: its leader's and the operator's."""
    return Row(TO_LOGIN, 403, but={"leif": 200, "olga": 200}, kwargs=kwargs)


def deciding(method: str = "get", olga: int = 200, **kwargs: Any) -> Row:
    """The same, where something is decided: leif came with a password, and is sent to MitID first."""
    return Row(TO_LOGIN, 403, but={"leif": 302, "olga": olga}, kwargs=kwargs, method=method)


def cases(leif: int = 302, **kwargs: Any) -> Row:
    """A page of the institution's cases: STIL opens none. leif came with a password, and is sent to MitID first."""
    return Row(TO_LOGIN, 403, but={"leif": leif}, kwargs=kwargs)


def helping(staff: int = 200, method: str = "get", **kwargs: Any) -> Row:
    """A page of Elevadgang for everybody who is employed somewhere."""
    return Row(TO_LOGIN, 403, but=dict.fromkeys(STAFF, staff), kwargs=kwargs, method=method)


def of_a_window(method: str = "get", tove: int = 200, **kwargs: Any) -> Row:
    """A page of Elevadgang about a window that tove has opened: hers alone."""
    return Row(TO_LOGIN, 403, but={**dict.fromkeys(STAFF, 404), "tove": tove}, kwargs=kwargs, method=method)


def of_a_class(method: str = "get", tove: int = 200, **kwargs: Any) -> Row:
    """A page of Elevadgang about 5.A or a pupil of it: its teacher's alone. To others it does not exist."""
    return Row(TO_LOGIN, 404, but={"tove": tove}, kwargs=kwargs, method=method)


def answering(method: str = "get", olga: int = 200, nadia: int = 200, sune: int = 404, **kwargs: Any) -> Row:
    """A page of Tilslutning about what nadia's municipality answers."""
    return Row(TO_LOGIN, 403, but={"olga": olga, "nadia": nadia, "sune": sune}, kwargs=kwargs, method=method)


def supplying(method: str = "get", olga: int = 200, nadia: int = 404, sune: int = 200, **kwargs: Any) -> Row:
    """A page of Tilslutning about sune's company and its systems."""
    return Row(TO_LOGIN, 403, but={"olga": olga, "nadia": nadia, "sune": sune}, kwargs=kwargs, method=method)


def keeping(method: str = "get", olga: int = 200, **kwargs: Any) -> Row:
    """A page of Sygefravær about the weeks that STIL keeps: its operators' alone."""
    return Row(TO_LOGIN, 403, but={"olga": olga}, kwargs=kwargs, method=method)


def of_figures(**kwargs: Any) -> Row:
    """Statistics of sick leave: for who leads an institution, or comes for one; STIL sees all."""
    return Row(TO_LOGIN, 403, but=dict.fromkeys(("leif", "olga", "nadia", "sune"), 200), kwargs=kwargs)


def machine(method: str = "get", **kwargs: Any) -> Row:
    """What systems ask for with a token: nobody's session is one."""
    return Row(401, 401, kwargs=kwargs, method=method)


SESSION_OF_LEIF = "5" * 64
INSIDE = ("mitunilogin:", "useradmin:", "elevadgang:", "cases:", "dataagreements:")
STAFF = ("mette", "tove", "karim", "leif", "liv")

TABLE: dict[str, Row] = {
    # The portal's own pages
    "portal:front": page(),
    "portal:help": page(),
    "portal:guide": page(slug="glemt-adgangskode"),
    "portal:news": page(),
    "portal:news_feed": page(),
    "portal:news_item": page(slug="nyt"),
    "portal:accessibility": page(),
    "portal:cookies": page(),
    "portal:privacy": page(),
    "portal:status": page(),
    "portal:live": page(),
    "portal:ready": page(),
    "portal:metrics": Row(404, 404),
    "portal:favicon": Row(302, 302),
    "portal:favicon_ico": Row(302, 302),
    "portal:robots": page(),
    "portal:security": page(),
    # Logging in
    "login:choose": Row(200, 302),
    "login:username": Row(200, 302),
    "login:password": step(),
    "login:pictures": step(),
    "login:animal": step(),
    "login:change_pictures": step(),
    "login:repeat_pictures": step(),
    "login:first_password": step(),
    "login:new_password": step(),
    "login:change": step(),
    "login:forgotten": step(),
    "login:told": step(),
    "login:assigned": step(),
    "login:own": step(),
    "login:repeat": step(),
    "login:renew": step(),
    "login:put_off": Row(302, 302, method="post"),
    "login:done": step(),
    # a service that asks nobody of the cast for an adult leads straight there
    "login:adult": Row(TO_LOGIN, 302, kwargs={"slug": "laesebroen"}),
    "login:adult_waited": Row(TO_LOGIN, 200, kwargs={"slug": "laesebroen"}),
    "login:adult_ask": Row(TO_LOGIN, 302, kwargs={"slug": "laesebroen"}, method="post"),
    "login:adult_stop": Row(TO_LOGIN, 302, kwargs={"slug": "laesebroen"}, method="post"),
    "login:adult_parent": Row(TO_LOGIN, 302, kwargs={"slug": "laesebroen"}),
    "login:adult_answered": step(),
    "login:turned_away": Row(403, 403, kwargs={"reason": "unknown"}),
    "login:out": Row(TO_LOGIN, 302, method="post"),
    "login:left": page(),
    # User names by MitID
    "activation:start": page(),
    "activation:names": step(),
    "activation:create": Row(302, 302, method="post"),
    "activation:own": step(),
    "activation:children": step(),
    "activation:finish": Row(302, 302, method="post"),
    # MitID
    "mitid:metadata": page(),
    "mitid:login": Row(302, 302),
    "mitid:acs": Row(400, 400, method="post"),
    "mitid:continue": Row(400, 302),
    "mitid:logout": Row(302, 302),
    "mitid:slo": Row(400, 400),
    # Mit Unilogin
    "mitunilogin:overview": Row(TO_LOGIN, 200),
    "mitunilogin:history": Row(TO_LOGIN, 200, but=dict.fromkeys(OF_NO_PERSON, 404)),
    "mitunilogin:change_password": Row(TO_LOGIN, 302, method="post"),
    "mitunilogin:choose_mail": Row(TO_LOGIN, 302, but=dict.fromkeys(OF_NO_PERSON, 404), method="post"),
    "mitunilogin:decline_mail": page(token="forged"),
    # esther: in mette's custody, a contact person's without custody, nobody else's
    "mitunilogin:help_child": Row(TO_LOGIN, 404, but={"mette": 302}, kwargs={"pk": "esther"}),
    # a parent's answer needs MitID, before it is said whether there is such a child
    "mitunilogin:answer_waiting": Row(TO_LOGIN, 302, but=dict.fromkeys(OF_NO_PERSON, 404), kwargs={"pk": 1}),
    # leif's session
    "mitunilogin:end_session": Row(TO_LOGIN, 404, but={"leif": 302}, kwargs={"pk": SESSION_OF_LEIF}, method="post"),
    "mitunilogin:end_other_sessions": Row(TO_LOGIN, 302, method="post"),
    # for employees only
    "mitunilogin:service": Row(TO_LOGIN, 403, but=dict.fromkeys(STAFF, 302), kwargs={"slug": "laererbordet"}),
    "mitunilogin:practice_service": Row(TO_LOGIN, 403, but=dict.fromkeys(STAFF, 200), kwargs={"slug": "laererbordet"}),
    # Brugeradministration: the imports of the cast's school
    "useradmin:runs": administration(),
    "useradmin:run": administration(pk="run"),
    "useradmin:progress": administration(pk="run"),
    "useradmin:issues_csv": administration(pk="run"),
    "useradmin:changes": administration(pk="run"),
    "useradmin:changes_csv": administration(pk="run"),
    "useradmin:decide": deciding(pk="run"),
    "useradmin:undo": deciding(pk="run"),
    "useradmin:series": administration(pk="series"),
    "useradmin:bypass": deciding(pk="series"),
    "useradmin:confirm_series": deciding(pk="series"),
    "useradmin:limits": administration(number="101001"),
    "useradmin:limit": deciding(number="101001", brake="ending"),
    "useradmin:change_cpr": deciding(),
    "useradmin:confirm_cpr": deciding(method="post", olga=302),
    # Cases: the leader's own, and STIL's inbox
    "cases:list": cases(leif=200),
    "cases:choose": cases(leif=200),
    "cases:open": cases(slug="bruger-til-kontaktperson"),
    "cases:case": cases(number="S-2026-000900"),
    "cases:withdraw": cases(number="S-2026-000900"),
    "cases:inbox": Row(TO_LOGIN, 403, but={"olga": 200}),
    "cases:inbox_case": Row(TO_LOGIN, 403, but={"olga": 200}, kwargs={"number": "S-2026-000900"}),
    # Elevadgang
    "elevadgang:front": page(),
    # neither operators nor who came with MitID are sent there, and they have no such right
    "elevadgang:administrator": Row(TO_LOGIN, 302, but=dict.fromkeys(OF_NO_PERSON, 403)),
    "elevadgang:classes": Row(TO_LOGIN, 200, but={"tove": 302}),
    "elevadgang:group": of_a_class(pk="class"),
    "elevadgang:list": of_a_class(pk="class"),
    "elevadgang:give": of_a_class("post", pk="class"),
    "elevadgang:give_found": Row(TO_LOGIN, 404, method="post"),
    "elevadgang:pupil": of_a_class(pk="pupil"),
    "elevadgang:give_one": of_a_class("post", 302, pk="pupil"),
    "elevadgang:block": of_a_class(tove=403, pk="pupil"),
    "elevadgang:act": of_a_class("post", 302, pk="pupil", name="ophaev-pause"),
    "elevadgang:windows": helping(),
    "elevadgang:window": of_a_window(pk="window"),
    "elevadgang:close_window": of_a_window("post", 302, pk="window"),
    "elevadgang:give_again": of_a_window("post", 302, pk="window"),
    "elevadgang:waiting_room": helping(),
    "elevadgang:waiting_now": helping(),
    "elevadgang:answer_waiting": helping(404, method="post"),
    "elevadgang:substitutes": helping(),
    "elevadgang:end_substitute": helping(404, pk=1),
    "elevadgang:history": helping(),
    # Tilslutning
    "dataagreements:front": Row(TO_LOGIN, 302),  # to MitID, or to what one has a right to
    "dataagreements:requests": answering(sune=200),
    "dataagreements:change_status": answering(olga=403, nadia=302, sune=302),  # nothing chosen: back to the list
    "dataagreements:agreements": answering(sune=200),
    "dataagreements:ended": answering(sune=200),
    "dataagreements:agreement": answering(pk="agreement"),
    "dataagreements:end": answering(olga=403, nadia=302, pk="agreement"),  # it has not been approved
    "dataagreements:contract": answering(pk="agreement"),
    "dataagreements:notifications": answering(olga=403, sune=200),
    "dataagreements:remove_address": answering("post", olga=403, nadia=302, pk="address"),
    "dataagreements:confirm_address": page(token="forged"),
    "dataagreements:stop_mails": page(token="forged"),
    "dataagreements:insight": Row(TO_LOGIN, 200),
    "dataagreements:providers": supplying(nadia=200),
    "dataagreements:become_provider": supplying(olga=403, nadia=200),
    "dataagreements:provider_case": supplying(olga=403, number="case"),
    "dataagreements:new_system": supplying(olga=403, pk="provider"),
    "dataagreements:contracts": supplying(olga=403, pk="provider"),
    "dataagreements:system": supplying(pk="system"),
    "dataagreements:change_system": supplying(olga=403, pk="system"),
    "dataagreements:switch_system": supplying(olga=403, pk="system"),
    "dataagreements:connect": supplying(olga=403, pk="system"),
    "dataagreements:new_client": supplying(olga=403, pk="system"),
    "dataagreements:revoke_client": supplying(pk="system", client="client"),
    "dataagreements:end_connection": supplying("post", olga=302, sune=302, pk="system", connection="connection"),
    "dataagreements:ask": supplying(olga=403, nadia=200),
    "dataagreements:batch": supplying(pk="batch"),
    "dataagreements:batch_progress": supplying(pk="batch"),
    "dataagreements:provider_agreements": supplying(nadia=200),
    "dataagreements:provider_agreement": supplying(pk="agreement"),
    "dataagreements:provider_contract": supplying(pk="agreement"),
    # What suppliers' systems ask for
    "import_api:schema": page(),
    "api:page": page(),
    "api:document": page(),
    "api:token": Row(400, 400, method="post"),
    "api:deliver": machine("post", number="101001"),
    "api:submission": machine(number="101001", pk="00000000-0000-0000-0000-000000000000"),
    "api:agreements": machine(),
    "api:export": machine(number="101001"),
    "api:nothing": Row(404, 404, kwargs={"rest": "findes/ikke"}),
    "oneroster:base": Row(404, 404),
    "oneroster:all": machine(resource="users"),
    "oneroster:one": machine(resource="users", sourced_id="x"),
    "oneroster:demographics": machine(),
    "oneroster:demographics_one": machine(sourced_id="x"),
    "oneroster:nothing": Row(404, 404, kwargs={"rest": "a/b/c"}),
    # The stand-in identity provider
    "testidp:metadata": page(),
    "testidp:login": Row(400, 400),
    "testidp:logout": Row(400, 400),
    # Sick leave, for STIL
    "reporting:front": Row(302, 302),
    "reporting:campaigns": keeping(),
    "reporting:campaign": keeping(pk="week"),
    "reporting:campaign_now": keeping(pk="week"),
    "reporting:change_campaign": keeping(pk="week"),
    "reporting:move_campaign": keeping("post", olga=302, pk="week"),  # no such act: back to the week
    "reporting:remind": keeping(olga=302, pk="week"),
    "reporting:report": keeping(pk="report"),
    "reporting:change_report_address": keeping(pk="report"),
    "reporting:act_on_report": keeping(pk="report", act="nyt-link"),
    "reporting:addresses": keeping(),
    "reporting:paste_addresses": keeping(),
    "reporting:change_address": keeping(code="0101"),
    # Sick leave, for whoever has a link: a forged one is a page that says so
    **{
        f"reporting:{name}": Row(404, 404, kwargs={"token": "forged"})
        for name in ("answer", "later", "review", "receipt", "pdf", "ask_reopening")
    },
    "reporting:step": Row(404, 404, kwargs={"token": "forged", "slug": "personale"}),
    "reporting:lost_link": page(),
    "reporting:link_sent": page(),
    "reporting:statistics": of_figures(),
    "reporting:statistics_file": of_figures(extension="csv"),
    "reporting:open_data": page(),
    "reporting:open_file": page(group="elever", extension="json"),
    "reporting:about": page(),
}
