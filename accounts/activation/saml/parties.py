"""The two parties: the identity provider as its metadata describe it, and the portal's own addresses."""

import base64
import binascii
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from ..refusals import SamlRefused
from . import keys
from .xml import DS, METADATA, REDIRECT_BINDING, children, parse


@dataclass(frozen=True)
class IdentityProvider:
    """Where to send people, and by which certificates (PEM, any one of them) answers are signed."""

    entity_id: str
    sso_url: str
    slo_url: str
    certificates: tuple[bytes, ...]
    valid_until: dt.datetime | None = None


@dataclass(frozen=True)
class ServiceProvider:
    """The portal, as the identity provider knows it. All URLs absolute."""

    entity_id: str
    acs_url: str
    slo_url: str


def service_provider() -> ServiceProvider:
    return ServiceProvider(
        entity_id=settings.MITID_SP_ENTITY_ID,
        acs_url=settings.ORIGIN + reverse("mitid:acs"),
        slo_url=settings.ORIGIN + reverse("mitid:slo"),
    )


def identity_provider() -> IdentityProvider:
    """Return the provider of the metadata file, else the stand-in, or raise `ImproperlyConfigured`."""
    if settings.MITID_IDP_METADATA:
        return _from_file(Path(settings.MITID_IDP_METADATA))
    if not keys.stand_in_runs():
        raise ImproperlyConfigured("MITID_IDP_METADATA must name the identity provider's metadata file")
    return stand_in()


def stand_in() -> IdentityProvider:
    """Return the stand-in, whose key lies beside the portal's own."""
    return IdentityProvider(
        entity_id=settings.ORIGIN + reverse("testidp:metadata"),
        sso_url=settings.ORIGIN + reverse("testidp:login"),
        slo_url=settings.ORIGIN + reverse("testidp:logout"),
        certificates=(keys.own_pair("test-idp").certificate_pem,),
    )


def _from_file(path: Path) -> IdentityProvider:
    try:
        provider = _parsed(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise ImproperlyConfigured(f"MITID_IDP_METADATA cannot be read: {error.strerror}") from error
    if provider.valid_until and provider.valid_until < timezone.now():
        raise ImproperlyConfigured("MITID_IDP_METADATA is no longer valid (validUntil): fetch it anew")
    return provider


@lru_cache(maxsize=4)
def _parsed(path: Path, written_at: int) -> IdentityProvider:
    try:
        return read_metadata(path.read_bytes())
    except (SamlRefused, ValueError, binascii.Error) as error:
        raise ImproperlyConfigured(f"MITID_IDP_METADATA is no identity provider's metadata: {error}") from error


def read_metadata(xml: bytes) -> IdentityProvider:
    """Read an EntityDescriptor with an IDPSSODescriptor (SAML Metadata 2.4). Raise `ValueError` if it lacks a part."""
    root = parse(xml)
    descriptors = children(root, METADATA, "IDPSSODescriptor")
    if root.tag != f"{{{METADATA}}}EntityDescriptor" or len(descriptors) != 1:
        raise ValueError("not one EntityDescriptor with one IDPSSODescriptor")
    certificates = tuple(_certificates(descriptors[0]))
    if not certificates:
        raise ValueError("no signing certificate")
    valid_until = root.get("validUntil")
    return IdentityProvider(
        entity_id=root.get("entityID", ""),
        sso_url=_location(descriptors[0], "SingleSignOnService"),
        slo_url=_location(descriptors[0], "SingleLogoutService"),
        certificates=certificates,
        valid_until=dt.datetime.fromisoformat(valid_until) if valid_until else None,
    )


def _certificates(descriptor: etree._Element) -> Iterator[bytes]:
    for key in children(descriptor, METADATA, "KeyDescriptor"):
        if key.get("use") in (None, "signing"):
            for element in key.iter(f"{{{DS}}}X509Certificate"):
                der = base64.b64decode("".join((element.text or "").split()), validate=True)
                yield x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def _location(descriptor: etree._Element, service: str) -> str:
    for element in children(descriptor, METADATA, service):
        if element.get("Binding") == REDIRECT_BINDING and (location := element.get("Location")):
            return location
    raise ValueError(f"no {service} by HTTP-Redirect")
