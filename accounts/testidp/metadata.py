"""The stand-in's metadata, as NemLog-in publishes its own."""

from lxml import etree

from accounts.activation.saml import keys, parties
from accounts.activation.saml.xml import DS, METADATA, PERSISTENT, REDIRECT_BINDING, SAMLP


def metadata() -> bytes:
    """Return the EntityDescriptor as an XML document."""
    provider = parties.stand_in()
    root = etree.Element(
        f"{{{METADATA}}}EntityDescriptor", {"entityID": provider.entity_id}, nsmap={"md": METADATA, "ds": DS}
    )
    descriptor = etree.SubElement(
        root, f"{{{METADATA}}}IDPSSODescriptor", WantAuthnRequestsSigned="true", protocolSupportEnumeration=SAMLP
    )
    key = etree.SubElement(descriptor, f"{{{METADATA}}}KeyDescriptor", use="signing")
    data = etree.SubElement(etree.SubElement(key, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
    etree.SubElement(data, f"{{{DS}}}X509Certificate").text = keys.base64_der(provider.certificates[0])
    _add_service(descriptor, "SingleLogoutService", provider.slo_url)
    etree.SubElement(descriptor, f"{{{METADATA}}}NameIDFormat").text = PERSISTENT
    _add_service(descriptor, "SingleSignOnService", provider.sso_url)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_service(descriptor: etree._Element, name: str, location: str) -> None:
    etree.SubElement(descriptor, f"{{{METADATA}}}{name}", Binding=REDIRECT_BINDING, Location=location)
