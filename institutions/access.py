"""Who may see which memberships and institutions."""

from collections.abc import Iterable

from django.db.models import Prefetch

from accounts.models import Person

from .models import Group, Institution, Membership


def memberships_of(person: Person) -> list[Membership]:
    """Return a person's own current memberships with institution, main group and groups: two queries."""
    return list(
        Membership.objects.current()
        .filter(person=person)
        .select_related("institution", "main_group")
        .prefetch_related(Prefetch("groups", Group.objects.order_by("name")))
        .order_by("-is_primary", "institution__name", "pk")
    )


def institution_names(numbers: Iterable[str]) -> dict[str, str]:
    """Return the names of institutions by number; what the registers hold is public."""
    return dict(Institution.objects.filter(number__in=set(numbers)).values_list("number", "name"))
