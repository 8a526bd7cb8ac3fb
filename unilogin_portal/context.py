"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from institutions.actor import ORGANISATION_SESSION_KEY, Actor
from institutions.roles import in_words

from .lib.language import address_in

LANGUAGE_NAMES = {"da": "Dansk", "en": "English"}


def portal(request: HttpRequest) -> dict[str, object]:
    """Return the installation's facts and the way to the other language. Asks no database."""
    other = "en" if get_language() == "da" else "da"
    return {
        **installation(),
        # One query, and only on pages that show it.
        "role_words": SimpleLazyObject(lambda: roles_in_words(request)),
        "other_language": {"code": other, "name": LANGUAGE_NAMES[other], "url": address_in(request, other)},
    }


def roles_in_words(request: HttpRequest) -> str:
    """Return what stands after the user's name in the header: the roles, and for whom somebody came by MitID Erhverv.

    Nothing for a visitor, or where no middleware ran.
    """
    actor: Actor = getattr(request, "actor", None) or Actor()
    organisation = request.session.get(ORGANISATION_SESSION_KEY, "") if actor.user else ""
    return ", ".join(filter(None, (in_words(actor.roles), organisation)))


def installation() -> dict[str, object]:
    """Return what does not depend on the request: the page of an inner error has no more than this."""
    return {
        "DEMO": settings.DEMO,
        "AUTHORITY_NAME": settings.AUTHORITY_NAME,
        "test_idp": settings.TEST_IDP,
        "SUPPORT_PHONE": settings.SUPPORT_PHONE,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
    }
