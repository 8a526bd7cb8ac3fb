"""The strict look at a SAML message before any SAML library sees it (RFC 7522 and SAML Core leave far too much open).

A message is read once by expat, which only reports what it meets and builds nothing. Whatever a SAML 2.0 message of
the OIOSAML 3 profile has no use for is refused: document types and with them all entities, processing instructions,
comments, elements of unknown namespaces, transforms other than the two that a signature needs, weak algorithms,
identifiers that stand twice, and sizes beyond any real message. Pure: no clock, no settings, no network.
"""

import base64
import binascii
import zlib
from collections.abc import Callable, Mapping
from xml.parsers import expat

from .refusals import Reason, SamlRefused

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_ELEMENTS = 500
MAX_DATA_ELEMENTS = 5000
MAX_ATTRIBUTES = 16
MAX_NAMESPACES = 64

_SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
_SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_DSMORE = "http://www.w3.org/2001/04/xmldsig-more#"
_XENC = "http://www.w3.org/2001/04/xmlenc#"
_XENC11 = "http://www.w3.org/2009/xmlenc11#"
_EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ID_ATTRIBUTES = frozenset({"ID", "Id", "id", "http://www.w3.org/XML/1998/namespace id"})

# None: every element of the namespace. XML-Signature and XML-Encryption are open-ended languages (Object, Manifest,
# XPath, HMACOutputLength, RetrievalMethod, CipherReference …), so of those only what a plain signature needs.
ELEMENTS: Mapping[str, frozenset[str] | None] = {
    _SAML: None,
    _SAMLP: None,
    _DS: frozenset(
        {
            "Signature", "SignedInfo", "CanonicalizationMethod", "SignatureMethod", "Reference", "Transforms",
            "Transform", "DigestMethod", "DigestValue", "SignatureValue", "KeyInfo", "KeyName", "KeyValue",
            "RSAKeyValue", "Modulus", "Exponent", "X509Data", "X509Certificate", "X509IssuerSerial",
            "X509IssuerName", "X509SerialNumber", "X509SubjectName", "X509SKI",
        }
    ),
    _XENC: frozenset(
        {"EncryptedData", "EncryptedKey", "EncryptionMethod", "CipherData", "CipherValue"}
    ),
    _XENC11: frozenset({"MGF"}),
    _EXC_C14N: frozenset({"InclusiveNamespaces"}),
}  # fmt: skip

TRANSFORMS = frozenset({_DS + "enveloped-signature", _EXC_C14N})
CANONICALISATIONS = frozenset({_EXC_C14N})
SIGNATURES = frozenset(
    _DSMORE + name
    for name in ("rsa-sha256", "rsa-sha384", "rsa-sha512", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512")
)
DIGESTS = frozenset({_XENC + "sha256", _DSMORE + "sha384", _XENC + "sha512"})
# RSA-OAEP hashes only its label, where SHA-1's weakness does not matter and XML-Encryption 1.0 knows nothing else.
OAEP_DIGESTS = DIGESTS | {_DS + "sha1"}
DATA_CIPHERS = frozenset({_XENC11 + "aes128-gcm", _XENC11 + "aes256-gcm", _XENC + "aes128-cbc", _XENC + "aes256-cbc"})
KEY_CIPHERS = frozenset({_XENC + "rsa-oaep-mgf1p", _XENC11 + "rsa-oaep"})
MASKS = frozenset(_XENC11 + "mgf1" + digest for digest in ("sha1", "sha256", "sha384", "sha512"))

# (element, its parent or None for any) -> the algorithms it may name, and the reason when it names another.
_ALGORITHMS: Mapping[tuple[str, str | None], tuple[frozenset[str], Reason]] = {
    (f"{_DS} Transform", None): (TRANSFORMS, Reason.TRANSFORM),
    (f"{_DS} CanonicalizationMethod", None): (CANONICALISATIONS, Reason.CANONICALISATION),
    (f"{_DS} SignatureMethod", None): (SIGNATURES, Reason.SIGNATURE_ALGORITHM),
    (f"{_DS} DigestMethod", None): (DIGESTS, Reason.DIGEST_ALGORITHM),
    (f"{_DS} DigestMethod", f"{_XENC} EncryptionMethod"): (OAEP_DIGESTS, Reason.ENCRYPTION_ALGORITHM),
    (f"{_XENC} EncryptionMethod", f"{_XENC} EncryptedData"): (DATA_CIPHERS, Reason.ENCRYPTION_ALGORITHM),
    (f"{_XENC} EncryptionMethod", f"{_XENC} EncryptedKey"): (KEY_CIPHERS, Reason.ENCRYPTION_ALGORITHM),
    (f"{_XENC} EncryptionMethod", None): (frozenset(), Reason.ENCRYPTION_ALGORITHM),
    (f"{_XENC11} MGF", None): (MASKS, Reason.ENCRYPTION_ALGORITHM),
}


def posted(message: str) -> bytes:
    """Return the XML of a message sent by HTTP-POST (SAML Bindings 3.5.4), or raise `SamlRefused`."""
    return checked(_decoded(message))


def redirected(message: str) -> bytes:
    """Return the XML of a message sent by HTTP-Redirect (SAML Bindings 3.4.4.1), or raise `SamlRefused`."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        xml = inflater.decompress(_decoded(message), MAX_BYTES + 1)
    except zlib.error:
        raise SamlRefused(Reason.NOT_DEFLATED) from None
    if len(xml) > MAX_BYTES:
        raise SamlRefused(Reason.TOO_LARGE)
    if not inflater.eof or inflater.unused_data:
        raise SamlRefused(Reason.NOT_DEFLATED)
    return checked(xml)


def checked(xml: bytes) -> bytes:
    """Return `xml` as it is when it is a SAML message that may be looked at, else raise `SamlRefused`."""
    return _scan(xml, _SamlReader())


def checked_data(xml: bytes) -> bytes:
    """As `checked` for XML that is carried as data and has a vocabulary of its own: only the form is judged."""
    return _scan(xml, _Reader())


def _decoded(message: str) -> bytes:
    if not message:
        raise SamlRefused(Reason.NO_MESSAGE)
    if len(message) > MAX_BYTES * 4 // 3 + 4096:
        raise SamlRefused(Reason.TOO_LARGE)
    try:
        # Lines may be broken as in RFC 2045; nothing else may stand in it.
        return base64.b64decode(message.replace("\r", "").replace("\n", "").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise SamlRefused(Reason.NOT_BASE64) from None


def _scan(xml: bytes, reader: "_Reader") -> bytes:
    if len(xml) > MAX_BYTES:
        raise SamlRefused(Reason.TOO_LARGE)
    _check_encoding(xml)
    try:
        reader.parser().Parse(xml, True)
    except (expat.ExpatError, ValueError):
        raise SamlRefused(Reason.NOT_WELL_FORMED) from None
    return xml


def _check_encoding(xml: bytes) -> None:
    """Refuse all but UTF-8: a parser that finds UTF-16 by itself would read other text than the next one."""
    try:
        text = xml.decode("utf-8")
    except UnicodeDecodeError:
        raise SamlRefused(Reason.NOT_UTF8) from None
    if "\0" in text:
        raise SamlRefused(Reason.NOT_UTF8)


class _Reader:
    """What expat reports to: form and size."""

    max_elements = MAX_DATA_ELEMENTS

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.elements = 0
        self.namespaces = 0
        self.ids: set[str] = set()

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("UTF-8", " ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.StartNamespaceDeclHandler = self.namespace
        parser.XmlDeclHandler = self.declaration
        parser.StartDoctypeDeclHandler = _refuser(Reason.DTD)
        parser.EntityDeclHandler = _refuser(Reason.DTD)
        parser.ProcessingInstructionHandler = _refuser(Reason.PROCESSING_INSTRUCTION)
        parser.CommentHandler = _refuser(Reason.COMMENT)
        parser.StartCdataSectionHandler = _refuser(Reason.CDATA)
        return parser

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0" or (encoding or "UTF-8").upper() != "UTF-8":
            raise SamlRefused(Reason.NOT_UTF8)

    def namespace(self, prefix: str | None, uri: str | None) -> None:
        self.namespaces += 1
        if self.namespaces > MAX_NAMESPACES:
            raise SamlRefused(Reason.TOO_MANY_ATTRIBUTES)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > self.max_elements:
            raise SamlRefused(Reason.TOO_MANY_ELEMENTS)
        if len(self.stack) >= MAX_DEPTH:
            raise SamlRefused(Reason.TOO_DEEP)
        if len(attributes) > MAX_ATTRIBUTES:
            raise SamlRefused(Reason.TOO_MANY_ATTRIBUTES)
        self.judge(name, attributes)
        self.stack.append(name)

    def end(self, name: str) -> None:
        self.stack.pop()

    def judge(self, name: str, attributes: dict[str, str]) -> None:
        """Judge one element by the vocabulary that is read; here every vocabulary is welcome."""


class _SamlReader(_Reader):
    """And the vocabulary of SAML, XML-Signature and XML-Encryption."""

    max_elements = MAX_ELEMENTS

    def judge(self, name: str, attributes: dict[str, str]) -> None:
        self._judge_name(name)
        self._judge_ids(attributes)
        self._judge_algorithm(name, attributes)

    def _judge_name(self, name: str) -> None:
        namespace, _, local = name.rpartition(" ")
        allowed = ELEMENTS.get(namespace, frozenset())
        if allowed is not None and local not in allowed:
            raise SamlRefused(Reason.UNKNOWN_ELEMENT)

    def _judge_ids(self, attributes: dict[str, str]) -> None:
        for attribute in _ID_ATTRIBUTES & attributes.keys():
            if attributes[attribute] in self.ids:
                raise SamlRefused(Reason.DUPLICATE_ID)
            self.ids.add(attributes[attribute])

    def _judge_algorithm(self, name: str, attributes: dict[str, str]) -> None:
        parent = self.stack[-1] if self.stack else None
        rule = _ALGORITHMS.get((name, parent)) or _ALGORITHMS.get((name, None))
        if rule and attributes.get("Algorithm") not in rule[0]:
            raise SamlRefused(rule[1])


def _refuser(reason: Reason) -> Callable[..., None]:
    def refuse(*args: object) -> None:
        raise SamlRefused(reason)

    return refuse
