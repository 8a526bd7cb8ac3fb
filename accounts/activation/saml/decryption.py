"""Opening the one encrypted assertion. The plaintext comes out as bytes, which nothing has parsed yet.

XML-Encryption is done here on `cryptography`'s primitives, because a library that decrypts in place hands the
plaintext to its XML parser before it can be looked at.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from ..refusals import Reason, SamlRefused
from .xml import DS, XENC, XENC11, children, only

# Algorithm -> key length in bytes.
_GCM = {XENC11 + "aes128-gcm": 16, XENC11 + "aes256-gcm": 32}
_CBC = {XENC + "aes128-cbc": 16, XENC + "aes256-cbc": 32}
_HASHES: dict[str, hashes.HashAlgorithm] = {
    DS + "sha1": hashes.SHA1(),  # noqa: S303  only of RSA-OAEP's label and mask, where it is not weak
    XENC + "sha256": hashes.SHA256(),
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384(),
    XENC + "sha512": hashes.SHA512(),
}
_MASKS: dict[str, hashes.HashAlgorithm] = {
    XENC11 + "mgf1sha1": hashes.SHA1(),  # noqa: S303
    XENC11 + "mgf1sha256": hashes.SHA256(),
    XENC11 + "mgf1sha384": hashes.SHA384(),
    XENC11 + "mgf1sha512": hashes.SHA512(),
}


def decrypt(encrypted_assertion: etree._Element, key: rsa.RSAPrivateKey) -> bytes:
    """Return the plaintext of an EncryptedAssertion, or raise `SamlRefused`: whatever went wrong looks the same."""
    data = only(encrypted_assertion, XENC, "EncryptedData", Reason.NOT_DECRYPTED)
    wrapped = list(encrypted_assertion.iter(f"{{{XENC}}}EncryptedKey"))
    if len(wrapped) != 1:
        raise SamlRefused(Reason.NOT_DECRYPTED)
    try:
        session_key = key.decrypt(_cipher_value(wrapped[0]), _oaep(wrapped[0]))
        return _opened(_algorithm(data), session_key, _cipher_value(data))
    except (ValueError, InvalidTag, binascii.Error):
        raise SamlRefused(Reason.NOT_DECRYPTED) from None


def _method(element: etree._Element) -> etree._Element:
    return only(element, XENC, "EncryptionMethod", Reason.NOT_DECRYPTED)


def _algorithm(element: etree._Element) -> str:
    return _method(element).get("Algorithm", "")


def _cipher_value(element: etree._Element) -> bytes:
    cipher_data = only(element, XENC, "CipherData", Reason.NOT_DECRYPTED)
    value = only(cipher_data, XENC, "CipherValue", Reason.NOT_DECRYPTED)
    return base64.b64decode("".join((value.text or "").split()).encode(), validate=True)


def _oaep(encrypted_key: etree._Element) -> padding.OAEP:
    method = _method(encrypted_key)
    digests = children(method, DS, "DigestMethod")
    masks = children(method, XENC11, "MGF")
    digest = _HASHES[digests[0].get("Algorithm", "")] if digests else _HASHES[DS + "sha1"]
    mask = _MASKS[masks[0].get("Algorithm", "")] if masks else _MASKS[XENC11 + "mgf1sha1"]
    return padding.OAEP(mgf=padding.MGF1(mask), algorithm=digest, label=None)


def _opened(algorithm: str, key: bytes, ciphertext: bytes) -> bytes:
    if len(key) != {**_GCM, **_CBC}.get(algorithm):
        raise ValueError("key length")
    if algorithm in _GCM:
        return AESGCM(key).decrypt(ciphertext[:12], ciphertext[12:], None)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(ciphertext[:16])).decryptor()
    padded = decryptor.update(ciphertext[16:]) + decryptor.finalize()
    # XML-Encryption 5.2: the last byte says how many to leave out; what the others hold is left open.
    if not padded or not 1 <= padded[-1] <= 16:
        raise ValueError("padding")
    return padded[: -padded[-1]]
