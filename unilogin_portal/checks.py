"""Rules between settings that must hold, as system checks: every start tells of a breach."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.module_loading import import_string


@register(Tags.security)
def test_idp_stays_out_of_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.TEST_IDP and settings.PRODUCTION:
        return [Error("The stand-in identity provider cannot run when DEBUG and DEMO are off.", id="portal.E001")]
    return []


@register(Tags.security)
def production_is_reached_by_https(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and not settings.HTTPS:
        return [Error("ORIGIN must begin with https:// in production.", id="portal.E002")]
    return []


@register(Tags.security)
def production_knows_its_identity_provider(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and not settings.MITID_IDP_METADATA:
        return [Error("MITID_IDP_METADATA must name the identity provider's metadata file.", id="portal.E003")]
    return []


@register(Tags.security)
def production_has_its_own_key_for_mitid(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and not (settings.MITID_SP_KEY and settings.MITID_SP_CERTIFICATE):
        return [Error("MITID_SP_KEY and MITID_SP_CERTIFICATE must name the portal's key files.", id="portal.E004")]
    return []


@register(Tags.security)
def secure_mail_is_a_gateway(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The folder is for the demo: letters in it can be read by whoever reads the disk."""
    if settings.PRODUCTION and settings.SECURE_MAIL.endswith("secure_mail.Folder"):
        return [Error("SECURE_MAIL must name a gateway's class in production, or nothing.", id="portal.E005")]
    try:
        _ = import_string(settings.SECURE_MAIL) if settings.SECURE_MAIL else None
    except ImportError:
        return [Error("SECURE_MAIL names a class that is not there.", id="portal.E006")]
    return []


@register(Tags.security)
def deliveries_need_an_agreement(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and settings.IMPORT_CONSENT != "dataagreements.consent.may_deliver":
        return [Error("IMPORT_CONSENT must not be set in production.", id="portal.E008")]
    try:
        _ = import_string(settings.IMPORT_CONSENT)
    except ImportError:
        return [Error("IMPORT_CONSENT names a function that is not there.", id="portal.E009")]
    return []


@register
def what_comes_back_is_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An address without its mailbox would lose what comes to it."""
    if bool(settings.BOUNCE_EMAIL) != bool(settings.BOUNCE_MAILDIR):
        return [Error("Set both BOUNCE_EMAIL and BOUNCE_MAILDIR, or none of them.", id="portal.E010")]
    # With the key behind it no mail server takes a longer name (RFC 5321 4.5.3.1.1).
    if settings.BOUNCE_EMAIL and not re.fullmatch(r"[\w.-]{1,17}@[\w-]+(\.[\w-]+)+", settings.BOUNCE_EMAIL, re.ASCII):
        words = "BOUNCE_EMAIL must be an address alone, name@domain, the name of 17 characters at most."
        return [Error(words, id="portal.E011")]
    return []


@register
def minutes_are_at_least_one(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """With none a window would be over as it opens, and every user name an error."""
    names = ("RESET_WINDOW_MINUTES", "STEP_UP_WAIT_MINUTES", "STEP_UP_MINUTES")
    return [
        Error(f"{name} must be at least 1.", id="portal.E007") for name in names if int(getattr(settings, name)) < 1
    ]


@register(Tags.database)
def production_has_a_server_database(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return [Warning("SQLite serves one machine only; set DATABASE_URL.", id="portal.W001")]
    return []
