"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    return {"DEMO": settings.DEMO, "AUTHORITY_NAME": settings.AUTHORITY_NAME, "test_idp": settings.TEST_IDP}
