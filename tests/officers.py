"""Those who come for an organisation with MitID Erhverv: nadia answers for the municipality, sune for a supplier."""

from dataclasses import dataclass

from django.test import Client

from accounts.models import Professional, User
from accounts.states import UserState
from institutions.actor import ORGANISATION_SESSION_KEY, RIGHTS_SESSION_KEY, Actor, GrantedRight
from institutions.roles import Right
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

MUNICIPALITY = "94348552"  # København's CVR number, the cast's
SUPPLIER = "90001234"


@dataclass(frozen=True)
class Officer:
    """An account, and the rights of a log-in."""

    user: User
    rights: tuple[GrantedRight, ...]

    @property
    def actor(self) -> Actor:
        return Actor.of(self.user, self.rights)

    def client(self) -> Client:
        client = Client()
        client.force_login(self.user, backend="accounts.backends.UniloginBackend")
        session = client.session
        session[LOA_SESSION_KEY] = int(LevelOfAssurance.SUBSTANTIAL)
        session[RIGHTS_SESSION_KEY] = [[one.right, one.scope, one.identifier] for one in self.rights]
        session[ORGANISATION_SESSION_KEY] = "Organisationen"
        session.save()
        return client


def make_officer(name: str, *, cvr: str = "", p: str = "", right: str = Right.AGREEMENTS) -> Officer:
    """Make an officer: `make_officer("Nadia Færch", cvr=MUNICIPALITY)`, or with `p="9003766445"`."""
    number = User.objects.filter(is_professional=True).count()
    user = User.objects.create(
        username=f"0{number:07d}", display_name=name, state=UserState.ACTIVE, is_professional=True
    )
    Professional.objects.create(
        user=user, name_id_hash=f"{number:064d}", cvr=cvr or MUNICIPALITY, organisation="Organisationen"
    )
    rights = [(right, "cvr", cvr)] if cvr else []
    rights += [(right, "p", p)] if p else []
    return Officer(user, tuple(GrantedRight(*one) for one in rights))
