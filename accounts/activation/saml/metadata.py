"""The service provider's own metadata, which the identity provider loads (D8.3)."""

from email.utils import parseaddr

from django.conf import settings
from lxml import etree

from . import keys, parties
from .attributes import REQUESTED
from .xml import DS, METADATA, PERSISTENT, POST_BINDING, REDIRECT_BINDING, SAMLP, URI_FORMAT, XENC, XENC11

_ENCRYPTION_METHODS = (XENC11 + "aes256-gcm", XENC11 + "aes128-gcm", XENC + "rsa-oaep-mgf1p")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def metadata() -> bytes:
    """Return the EntityDescriptor as an XML document."""
    provider = parties.service_provider()
    root = etree.Element(
        f"{{{METADATA}}}EntityDescriptor", {"entityID": provider.entity_id}, nsmap={"md": METADATA, "ds": DS}
    )
    descriptor = _add(
        root,
        "SPSSODescriptor",
        AuthnRequestsSigned="true",
        WantAssertionsSigned="true",
        protocolSupportEnumeration=SAMLP,
    )
    _add_keys(descriptor)
    _add_endpoints(descriptor, provider)
    _add_attributes(descriptor)
    _add_people(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: etree._Element, name: str, content: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{METADATA}}}{name}", attributes)
    child.text = content
    return child


def _add_keys(descriptor: etree._Element) -> None:
    certificate = keys.base64_der(keys.service_provider_keys().certificate_pem)
    for use in ("signing", "encryption"):
        key = _add(descriptor, "KeyDescriptor", use=use)
        info = etree.SubElement(key, f"{{{DS}}}KeyInfo")
        data = etree.SubElement(info, f"{{{DS}}}X509Data")
        etree.SubElement(data, f"{{{DS}}}X509Certificate").text = certificate
        if use == "encryption":
            for algorithm in _ENCRYPTION_METHODS:
                _add(key, "EncryptionMethod", Algorithm=algorithm)


def _add_endpoints(descriptor: etree._Element, provider: parties.ServiceProvider) -> None:
    for binding in (REDIRECT_BINDING, POST_BINDING):
        _add(descriptor, "SingleLogoutService", Binding=binding, Location=provider.slo_url)
    _add(descriptor, "NameIDFormat", PERSISTENT)
    _add(
        descriptor,
        "AssertionConsumerService",
        Binding=POST_BINDING,
        Location=provider.acs_url,
        index="0",
        isDefault="true",
    )


def _add_attributes(descriptor: etree._Element) -> None:
    service = _add(descriptor, "AttributeConsumingService", index="0", isDefault="true")
    _add(service, "ServiceName", "Unilogin").set(_XML_LANG, "da")
    for name, required in REQUESTED.items():
        _add(service, "RequestedAttribute", Name=name, NameFormat=URI_FORMAT, isRequired=str(required).lower())


def _add_people(root: etree._Element) -> None:
    organisation = _add(root, "Organization")
    for name, content in (
        ("OrganizationName", settings.AUTHORITY_NAME),
        ("OrganizationDisplayName", settings.AUTHORITY_NAME),
        ("OrganizationURL", settings.ORIGIN),
    ):
        _add(organisation, name, content).set(_XML_LANG, "da")
    contact = _add(root, "ContactPerson", contactType="technical")
    _add(contact, "Company", settings.AUTHORITY_NAME)
    _add(contact, "EmailAddress", "mailto:" + parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
