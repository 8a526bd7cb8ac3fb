"""The assertion's signature: missing, weak, wrong, or wrapped around something else."""

from collections.abc import Callable
from copy import deepcopy

from lxml import etree
from xmlsec import constants

from accounts.activation.refusals import Reason
from accounts.activation.saml.keys import own_pair
from accounts.testidp import responses

from .cases import refused
from .forge import Edit, Forge, idp, one, setting, sp_certificate, texting

DS = "{http://www.w3.org/2000/09/xmldsig#}"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"


@refused(Reason.NOT_SIGNED)
def an_unsigned_assertion(forge: Forge) -> str:
    return forge.enclose(etree.tostring(responses.assertion_of(forge.answer())))


@refused(Reason.SIGNATURE_INVALID)
def a_key_that_is_not_the_identity_providers(forge: Forge) -> str:
    return forge.write(signer=own_pair("attacker"))


@refused(Reason.SIGNATURE_INVALID)
def an_assertion_changed_after_signing(forge: Forge) -> str:
    return forge.write(after=texting("saml:AttributeValue", "OIO-SAML-3.0 "))


@refused(Reason.SIGNATURE_INVALID)
def another_digest(forge: Forge) -> str:
    return forge.write(after=texting("ds:DigestValue", "A" * 43 + "="))


@refused(Reason.SIGNATURE_INVALID)
def another_signature_value(forge: Forge) -> str:
    return forge.write(after=texting("ds:SignatureValue", "AAAA"))


@refused(Reason.SIGNATURE_ALGORITHM)
def a_sha_1_signature(forge: Forge) -> str:
    return forge.write(method=constants.TransformRsaSha1)


@refused(Reason.DIGEST_ALGORITHM)
def a_sha_1_digest(forge: Forge) -> str:
    return forge.write(digest=constants.TransformSha1)


@refused(Reason.SIGNATURE_ALGORITHM)
def an_hmac_with_the_public_key_as_secret(forge: Forge) -> str:
    algorithm = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
    return forge.write(after=setting("ds:SignatureMethod", "Algorithm", algorithm))


@refused(Reason.UNKNOWN_ELEMENT)
def a_signature_cut_to_a_few_bits(forge: Forge) -> str:
    def cut(assertion: etree._Element) -> None:
        etree.SubElement(one(assertion, "ds:SignatureMethod"), DS + "HMACOutputLength").text = "8"

    return forge.write(after=cut)


@refused(Reason.CANONICALISATION)
def canonicalisation_that_keeps_comments(forge: Forge) -> str:
    algorithm = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"
    return forge.write(after=setting("ds:CanonicalizationMethod", "Algorithm", algorithm))


@refused(Reason.CANONICALISATION)
def inclusive_canonicalisation(forge: Forge) -> str:
    algorithm = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    return forge.write(after=setting("ds:CanonicalizationMethod", "Algorithm", algorithm))


def _with_transform(algorithm: str, *content: str) -> Edit:
    def add(assertion: etree._Element) -> None:
        transform = etree.SubElement(one(assertion, "ds:Transforms"), DS + "Transform", Algorithm=algorithm)
        transform.extend(etree.fromstring(child) for child in content)

    return add


@refused(Reason.TRANSFORM)
def an_xslt_transform(forge: Forge) -> str:
    stylesheet = (
        '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">'
        '<xsl:template match="/"><xsl:copy-of select="document(\'file:///etc/passwd\')"/></xsl:template>'
        "</xsl:stylesheet>"
    )
    return forge.write(after=_with_transform("http://www.w3.org/TR/1999/REC-xslt-19991116", stylesheet))


@refused(Reason.TRANSFORM)
def an_xpath_transform(forge: Forge) -> str:
    xpath = '<XPath xmlns="http://www.w3.org/2000/09/xmldsig#">not(ancestor-or-self::Subject)</XPath>'
    return forge.write(after=_with_transform("http://www.w3.org/TR/1999/REC-xpath-19991116", xpath))


@refused(Reason.TRANSFORM)
def an_xpath_filter_2_transform(forge: Forge) -> str:
    return forge.write(after=_with_transform("http://www.w3.org/2002/06/xmldsig-filter2"))


@refused(Reason.TRANSFORM)
def a_base64_transform(forge: Forge) -> str:
    return forge.write(after=_with_transform("http://www.w3.org/2000/09/xmldsig#base64"))


@refused(Reason.TRANSFORM)
def an_xslt_transform_in_the_signature_of_the_response(forge: Forge) -> str:
    def sign(response: etree._Element) -> None:
        responses.signed(response, idp())
        _with_transform("http://www.w3.org/TR/1999/REC-xslt-19991116")(response)

    return forge.write(outside=sign)


@refused(Reason.TRANSFORM)
def a_transform_too_few(forge: Forge) -> str:
    def remove(assertion: etree._Element) -> None:
        transforms = one(assertion, "ds:Transforms")
        transforms.remove(transforms[1])

    return forge.write(after=remove)


@refused(Reason.SIGNATURE_REFERENCE)
def a_reference_to_nothing(forge: Forge) -> str:
    return forge.write(after=setting("ds:Reference", "URI", ""))


@refused(Reason.SIGNATURE_REFERENCE)
def a_reference_to_another_host(forge: Forge) -> str:
    return forge.write(after=setting("ds:Reference", "URI", "http://attacker.example/assertion.xml"))


@refused(Reason.SIGNATURE_REFERENCE)
def a_reference_by_xpointer(forge: Forge) -> str:
    return forge.write(after=setting("ds:Reference", "URI", "#xpointer(/)"))


@refused(Reason.SIGNATURE_REFERENCE)
def two_references(forge: Forge) -> str:
    def double(assertion: etree._Element) -> None:
        reference = one(assertion, "ds:Reference")
        reference.addnext(deepcopy(reference))

    return forge.write(after=double)


@refused(Reason.SIGNATURE_MISPLACED)
def two_signatures(forge: Forge) -> str:
    def double(assertion: etree._Element) -> None:
        signature = one(assertion, "ds:Signature")
        signature.addnext(deepcopy(signature))

    return forge.write(after=double)


# The eight classic wrappings (Somorovsky and others, 2012). The first two wrap the signature of the response, the rest
# that of the assertion. Who wraps knows our public key, so wrapped assertions can be encrypted as well.


def _wrapped_assertion(wrap: Callable[[etree._Element, etree._Element], etree._Element]) -> Callable[[Forge], str]:
    """Return a writer of an answer whose plaintext is what `wrap` makes of the evil and the signed assertion."""

    def write(forge: Forge) -> str:
        original = forge.signed_assertion()
        return forge.enclose(etree.tostring(wrap(forge.evil_twin(original), original)))

    return write


def _wrapped_response(forge: Forge, place: Callable[[etree._Element, etree._Element, etree._Element], None]) -> str:
    """Return an evil response that carries the signature of a right one; `place` puts the right one somewhere."""
    original = responses.response_of(
        forge.answer(), responses.encrypted(etree.tostring(forge.signed_assertion()), sp_certificate())
    )
    evil = deepcopy(original)
    evil.set("ID", "_evil")
    responses.signed(original, idp())
    signature = one(original, "ds:Signature")
    original.remove(signature)
    evil.insert(1, signature)
    place(evil, signature, original)
    return responses.posted(evil)


@refused(Reason.UNKNOWN_ELEMENT)
def xsw_1_the_signed_response_in_an_object_of_its_signature(forge: Forge) -> str:
    def place(evil: etree._Element, signature: etree._Element, original: etree._Element) -> None:
        etree.SubElement(signature, DS + "Object").append(original)

    return _wrapped_response(forge, place)


@refused(Reason.NOT_ONE_ENCRYPTED_ASSERTION)
def xsw_2_the_signed_response_beside_its_signature(forge: Forge) -> str:
    return _wrapped_response(forge, lambda evil, signature, original: signature.addprevious(original))


@refused(Reason.SIGNATURE_REFERENCE)
def xsw_2_with_the_encrypted_assertion_in_the_signed_response_only(forge: Forge) -> str:
    def place(evil: etree._Element, signature: etree._Element, original: etree._Element) -> None:
        encrypted = one(original, "saml:EncryptedAssertion")
        original.remove(encrypted)
        signature.addprevious(original)

    return _wrapped_response(forge, place)


@refused(Reason.NOT_WELL_FORMED)
def xsw_3_the_evil_assertion_before_the_signed_one(forge: Forge) -> str:
    original = forge.signed_assertion()
    return forge.enclose(etree.tostring(forge.evil_twin(original)) + etree.tostring(original))


@refused(Reason.PLAIN_ASSERTION)
def xsw_3_the_evil_assertion_before_the_encrypted_one(forge: Forge) -> str:
    evil = forge.evil_twin(forge.signed_assertion())
    return forge.write(outside=lambda response: one(response, "saml:EncryptedAssertion").addprevious(evil))


@refused(Reason.NOT_ONE_ENCRYPTED_ASSERTION)
def xsw_3_with_both_assertions_encrypted(forge: Forge) -> str:
    evil = responses.encrypted(etree.tostring(forge.evil_twin(forge.signed_assertion())), sp_certificate())
    return forge.write(outside=lambda response: one(response, "saml:EncryptedAssertion").addprevious(evil))


def _around(evil: etree._Element, original: etree._Element) -> etree._Element:
    evil.append(original)
    return evil


def _signature_moved(evil: etree._Element, original: etree._Element) -> etree._Element:
    signature = one(original, "ds:Signature")
    original.remove(signature)
    evil.insert(1, signature)
    evil.append(original)
    return evil


def _original_in_its_signature(evil: etree._Element, original: etree._Element) -> etree._Element:
    signature = one(original, "ds:Signature")
    original.remove(signature)
    evil.insert(1, signature)
    signature.append(original)
    return evil


def _original_in_an_object(evil: etree._Element, original: etree._Element) -> etree._Element:
    signature = one(original, "ds:Signature")
    original.remove(signature)
    evil.insert(1, signature)
    etree.SubElement(signature, DS + "Object").append(original)
    return evil


def _original_in_the_advice(evil: etree._Element, original: etree._Element) -> etree._Element:
    advice = etree.Element(SAML + "Advice")
    advice.append(original)
    one(evil, "saml:Conditions").addnext(advice)
    return evil


@refused(Reason.SIGNATURE_MISPLACED)
def xsw_4_the_evil_assertion_around_the_signed_one(forge: Forge) -> str:
    return _wrapped_assertion(_around)(forge)


@refused(Reason.SIGNATURE_REFERENCE)
def xsw_5_the_signature_moved_into_the_evil_assertion(forge: Forge) -> str:
    return _wrapped_assertion(_signature_moved)(forge)


@refused(Reason.NOT_ONE_ENCRYPTED_ASSERTION)
def xsw_5_with_the_signed_assertion_encrypted_at_the_end(forge: Forge) -> str:
    original = forge.signed_assertion()
    evil = _signature_moved(forge.evil_twin(original), original)
    evil.remove(original)
    further = responses.encrypted(etree.tostring(original), sp_certificate())
    return forge.enclose(etree.tostring(evil), outside=lambda response: response.append(further))


@refused(Reason.SIGNATURE_REFERENCE)
def xsw_6_the_signed_assertion_in_its_signature(forge: Forge) -> str:
    return _wrapped_assertion(_original_in_its_signature)(forge)


@refused(Reason.PLAIN_ASSERTION)
def xsw_7_the_evil_assertion_in_the_extensions(forge: Forge) -> str:
    def extend(response: etree._Element) -> None:
        extensions = etree.Element(SAMLP + "Extensions")
        extensions.append(forge.evil_twin(forge.signed_assertion()))
        one(response, "saml:Issuer").addnext(extensions)

    return forge.write(outside=extend)


@refused(Reason.SIGNATURE_MISPLACED)
def xsw_7_the_signed_assertion_in_the_advice_of_the_evil_one(forge: Forge) -> str:
    return _wrapped_assertion(_original_in_the_advice)(forge)


@refused(Reason.UNKNOWN_ELEMENT)
def xsw_8_the_signed_assertion_in_an_object_of_its_signature(forge: Forge) -> str:
    return _wrapped_assertion(_original_in_an_object)(forge)
