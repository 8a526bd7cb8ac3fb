"""Taking people back out who came in by mistake and whose account nobody has used."""

from collections.abc import Collection

from unilogin_portal.lib import bulk
from unilogin_portal.lib.references import unreferenced

from .models import Person, User
from .states import UserState


def remove_unused(people: Collection[int]) -> set[int]:
    """Delete those of these people (ids) whom nothing refers to, with their accounts; return whom. In a transaction.

    An account that was activated or has a password stays, and so does whoever stands in the audit or elsewhere.
    """
    candidates = unreferenced(Person, people, apart_from=[User])
    accounts: dict[int, int] = {}
    for part in bulk.batches(sorted(candidates), bulk.MOST_VALUES):
        unused = User.objects.filter(person__any_of=part, state=UserState.IMPORTED, password="")
        accounts.update(unused.values_list("pk", "person_id"))
    accounts = {pk: accounts[pk] for pk in unreferenced(User, accounts)}
    with_account: set[int] = set()
    for part in bulk.batches(sorted(candidates), bulk.MOST_VALUES):
        with_account.update(User.objects.filter(person__any_of=part).values_list("person_id", flat=True))
    removed = (candidates - with_account) | set(accounts.values())
    for part in bulk.batches(sorted(accounts), bulk.MOST_VALUES):
        User.objects.filter(pk__any_of=part).delete()
    for part in bulk.batches(sorted(removed), bulk.MOST_VALUES):
        Person.objects.filter(pk__any_of=part).delete()
    return removed
