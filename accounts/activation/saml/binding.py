"""Messages in a URL: deflated, and signed over the query string (SAML Bindings 3.4.4)."""

import base64
import binascii
import zlib
from collections.abc import Iterable
from urllib.parse import quote_plus, unquote_plus

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from .. import preparse
from ..refusals import Reason, SamlRefused

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
RSA_SHA256 = _MORE + "rsa-sha256"
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def signed_url(url: str, name: str, xml: bytes, key: rsa.RSAPrivateKey, relay_state: str = "") -> str:
    """Return `url` with the message as parameter `name` (SAMLRequest or SAMLResponse), signed with RSA-SHA256."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    message = base64.b64encode(compressor.compress(xml) + compressor.flush()).decode()
    parts = [(name, message), *([("RelayState", relay_state)] if relay_state else []), ("SigAlg", RSA_SHA256)]
    query = "&".join(f"{part}={quote_plus(value)}" for part, value in parts)
    signature = base64.b64encode(key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    return f"{url}{'&' if '?' in url else '?'}{query}&Signature={quote_plus(signature)}"


def verified(query: str, name: str, certificates: Iterable[bytes]) -> tuple[bytes, str]:
    """Return the XML of parameter `name` and the RelayState, both signed by one of `certificates`.

    `query` must be the query string as it came: the signature covers the sender's own way of escaping.
    """
    raw = _raw_parameters(query)
    if "Signature" not in raw or "SigAlg" not in raw:
        raise SamlRefused(Reason.NOT_SIGNED)
    signed = "&".join(f"{part}={raw[part]}" for part in (name, "RelayState", "SigAlg") if part in raw)
    algorithm = unquote_plus(raw["SigAlg"])
    if algorithm not in preparse.SIGNATURES:
        raise SamlRefused(Reason.SIGNATURE_ALGORITHM)
    signature = _decoded(raw["Signature"])
    if not any(_is_signed_by(certificate, algorithm, signed.encode(), signature) for certificate in certificates):
        raise SamlRefused(Reason.SIGNATURE_INVALID)
    return preparse.redirected(unquote_plus(raw.get(name, ""))), unquote_plus(raw.get("RelayState", ""))


def _raw_parameters(query: str) -> dict[str, str]:
    raw: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name in raw:
            raise SamlRefused(Reason.WRONG_MESSAGE, "a parameter stands twice")
        raw[name] = value
    return raw


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode("".join(unquote_plus(value).split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise SamlRefused(Reason.NOT_BASE64) from None


def _is_signed_by(certificate: bytes, algorithm: str, data: bytes, signature: bytes) -> bool:
    key = x509.load_pem_x509_certificate(certificate).public_key()
    kind, _, digest = algorithm.removeprefix(_MORE).partition("-")
    try:
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), _HASHES[digest])
        elif kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(_HASHES[digest]))
        else:
            return False
    except InvalidSignature:
        return False
    return True
