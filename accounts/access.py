"""Who may see whom in the identity core."""

from collections.abc import Iterable

from django.shortcuts import get_object_or_404
from django.utils import timezone

from . import sessions
from .models import AuditEvent, ContactRelation, LoginSession, Person, ServiceLink, StepUp, User
from .models.helping import StepUpQuerySet


def user_named(username: str) -> User | None:
    """Return the account with this user name, as typed at a log-in; who asks must not tell whether there is one."""
    return User.objects.select_related("person", "credential").filter(username=username).first()


def user_with_id(pk: int) -> User:
    """Return an account whose user has proved who they are a moment ago."""
    return User.objects.select_related("person", "credential").get(pk=pk)


def has_put_off_today(user: User) -> bool:
    """Whether the user has answered *Ikke nu* today, in Denmark: the audit remembers it on every device."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return AuditEvent.objects.filter(actor=user, action="password.put_off", at__gte=midnight).exists()


def user_of(person: Person | None) -> User | None:
    """Return a person's account, if there is one."""
    return User.objects.select_related("person").filter(person=person).first() if person else None


def person_with_cpr(cpr: str) -> Person | None:
    """Return the person in the country with this CPR number."""
    return Person.objects.with_cpr(cpr).first() if cpr else None


def service_for(slug: str) -> ServiceLink:
    """Return a service that is offered, or 404. What is offered is no secret; whom it lets in is asked next."""
    return get_object_or_404(ServiceLink.objects.offered(), slug=slug)


def service_names(slugs: Iterable[str]) -> dict[str, str]:
    """Return the names of services by slug, also of those that are no longer offered. One query, or none for none."""
    wanted = set(slugs)
    return dict(ServiceLink.objects.filter(slug__in=wanted).values_list("slug", "name")) if wanted else {}


def children_of(parent: Person) -> list[Person]:
    """Return the children that the parent has custody of now, with their accounts: one query, by name."""
    relations = (
        ContactRelation.objects.with_custody()
        .filter(contact=parent)
        .select_related("child__user__credential")
        .order_by("child__birth_date", "child__first_name", "child_id")
    )
    return list({relation.child_id: relation.child for relation in relations}.values())


def has_custody(parent: Person | None, child: Person | None) -> bool:
    """Whether some institution reports the parent as having custody of the child now."""
    if parent is None or child is None:
        return False
    return ContactRelation.objects.with_custody().filter(contact=parent, child=child).exists()


def child_for(user: User, pk: int) -> Person:
    """Return the child with its account, or 404 if it is not in this user's custody."""
    child_ids = ContactRelation.objects.with_custody().filter(contact=user.person_id).values("child")
    return get_object_or_404(Person.objects.select_related("user"), pk=pk, pk__in=child_ids)


def step_ups_of_children(user: User) -> StepUpQuerySet:
    """Return what the children in this user's custody have asked an adult for."""
    children = ContactRelation.objects.with_custody().filter(contact=user.person_id).values("child")
    return StepUp.objects.filter(user__person__in=children).select_related("user__person", "service")


def step_up_of_child(user: User, pk: int) -> StepUp:
    """Return what a child in this user's custody has asked for, or 404."""
    return get_object_or_404(step_ups_of_children(user), pk=pk)


def session_for(user: User, pk: str) -> LoginSession:
    """Return one of the user's own sessions, or 404."""
    return get_object_or_404(LoginSession.objects.filter(user=user), pk=pk)


def is_this_session(session: LoginSession, key: str | None) -> bool:
    return key is not None and session.pk == sessions.hashed(key)
