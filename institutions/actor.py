"""Who acts, in which institutions and roles: worked out once a request, when first asked for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.models.user import ActorGroup

from .models import Membership
from .roles import Role

# Where a MitID Erhverv log-in leaves its rights: a list of [right, scope, identifier], scope "cvr" or "p".
RIGHTS_SESSION_KEY = "rights"
# And for whom it acts, in words.
ORGANISATION_SESSION_KEY = "organisation"


@dataclass(frozen=True)
class Tie:
    """One current membership, as far as deciding needs it."""

    membership_id: int
    institution_id: int
    institution_number: str
    roles: frozenset[str]


@dataclass(frozen=True)
class GrantedRight:
    """A right that came with this log-in (D8.4): on all units of a CVR number (`cvr`), or on one P-number (`p`)."""

    right: str
    scope: str
    identifier: str


@dataclass(frozen=True)
class Actor:
    """Who acts. `user` is None for a visitor and for the system."""

    user: User | None = None
    ties: tuple[Tie, ...] = ()
    rights: tuple[GrantedRight, ...] = ()
    is_contact: bool = False

    @classmethod
    def of(cls, user: User | None, rights: Iterable[GrantedRight] = ()) -> "Actor":
        """Read the user's current memberships: one query."""
        if user is None or not user.is_authenticated:
            return cls()
        ties = (
            tuple(
                Tie(pk, institution_id, number, frozenset(roles))
                for pk, institution_id, number, roles in Membership.objects.current()
                .filter(person=user.person_id)
                .values_list("pk", "institution_id", "institution__number", "roles")
            )
            if user.person_id
            else ()
        )
        return cls(user, ties, tuple(rights), user.actor_group == ActorGroup.CONTACT)

    @property
    def account(self) -> User:
        """Whoever acts, behind a gate, where there is always somebody."""
        assert self.user is not None  # noqa: S101 - behind a gate
        return self.user

    @property
    def roles(self) -> frozenset[str]:
        """All roles and rights held anywhere; operators of STIL have theirs from the account."""
        held = {role for tie in self.ties for role in tie.roles} | {right.right for right in self.rights}
        if self.is_contact:
            held.add(Role.CONTACT)
        if self.user is not None and self.user.is_staff:
            held.add(Role.OPERATOR)
        return frozenset(held)

    def has_any(self, roles: Iterable[str]) -> bool:
        return not self.roles.isdisjoint(roles)


class PortalRequest(HttpRequest):
    """A request as views behind a gate see it: somebody is logged in, and the middleware has said who acts."""

    user: User
    actor: Actor


class ActorMiddleware:
    """Set `request.actor`. Costs nothing on a page that does not ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """Return the request's actor, with the rights that its session's MitID Erhverv log-in brought."""
    user = request.user
    if isinstance(user, AnonymousUser) or not user.is_authenticated:
        return Actor()
    return Actor.of(user, (GrantedRight(*right) for right in request.session.get(RIGHTS_SESSION_KEY, [])))
