"""Who proved with MitID to be here: noted in the session for ten minutes, for seeing user names."""

from django.http import HttpRequest
from django.utils import timezone

from ..models import Person

PROVEN_KEY = "mitid_person"
PROVEN_SECONDS = 10 * 60


def note(request: HttpRequest, person: Person) -> None:
    """Note who is here; the session gets a new key, because it may show more from here on than before."""
    request.session.cycle_key()
    request.session[PROVEN_KEY] = {"person": person.pk, "at": timezone.now().timestamp()}


def proven_person(request: HttpRequest) -> Person | None:
    """Return who proved with MitID, within the last ten minutes, to be here."""
    proof = request.session.get(PROVEN_KEY)
    if not proof or proof["at"] < timezone.now().timestamp() - PROVEN_SECONDS:
        return None
    return Person.objects.filter(pk=proof["person"]).select_related("user").first()


def forget(request: HttpRequest) -> None:
    request.session.pop(PROVEN_KEY, None)
