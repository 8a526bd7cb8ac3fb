"""Encryption of what is secret at rest, and keyed fingerprints.

AES-SIV (RFC 5297) is deterministic: the same text under the same key and context gives the same bytes, so that a
CPR number can be looked up exactly and be unique without being readable. The context is bound in as associated data,
so bytes moved from one column to another do not open.
"""

import hashlib
import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SecretUnreadable(Exception):
    """The bytes were not made with a key that we hold, or were changed, or belong to another column."""


@lru_cache(maxsize=8)
def _keys(setting: tuple[str, ...]) -> dict[str, AESSIV]:
    keys = {}
    for entry in setting:
        key_id, _, digits = entry.partition(":")
        try:
            key = bytes.fromhex(digits)
        except ValueError as error:
            raise ImproperlyConfigured("CPR_KEY must be <key id>:<128 hex digits>") from error
        if not key_id or len(key) != 64:
            raise ImproperlyConfigured("CPR_KEY must be <key id>:<128 hex digits>")
        keys[key_id] = AESSIV(key)
    if not keys:
        raise ImproperlyConfigured("CPR_KEY is empty")
    return keys


def seal(text: str, context: str) -> bytes:
    """Encrypt `text` under the newest key: `<key id>:<ciphertext>`. Equal texts give equal bytes."""
    return seal_bytes(text.encode(), context)


def seal_bytes(data: bytes, context: str) -> bytes:
    """Encrypt `data`, as `seal` does a text. It may not be empty."""
    key_id, cipher = next(iter(_keys(tuple(settings.CPR_KEYS)).items()))
    return key_id.encode() + b":" + cipher.encrypt(data, [context.encode()])


def sealings(text: str, context: str) -> list[bytes]:
    """Return `text` sealed under every key held, newest first: for a look-up while keys are being changed."""
    keys = _keys(tuple(settings.CPR_KEYS))
    return [
        key_id.encode() + b":" + cipher.encrypt(text.encode(), [context.encode()]) for key_id, cipher in keys.items()
    ]


def unseal(sealed: bytes | memoryview, context: str) -> str:
    """Return the text, or raise `SecretUnreadable`."""
    return unseal_bytes(sealed, context).decode()


def unseal_bytes(sealed: bytes | memoryview, context: str) -> bytes:
    """Return the bytes, or raise `SecretUnreadable`."""
    key_id, _, ciphertext = bytes(sealed).partition(b":")
    cipher = _keys(tuple(settings.CPR_KEYS)).get(key_id.decode(errors="replace"))
    if cipher is None:
        raise SecretUnreadable(f"no key {key_id!r}")
    try:
        return cipher.decrypt(ciphertext, [context.encode()])
    except InvalidTag as error:
        raise SecretUnreadable("wrong key, context or bytes") from error


def fingerprint(text: str, context: str) -> str:
    """Return a keyed hash (HMAC-SHA-256, 64 hex digits): equal for equal texts, useless without the key."""
    return _fingerprint(text, context, settings.SECRET_KEY)


def fingerprints(text: str, context: str) -> list[str]:
    """Return the keyed hashes of `text` under every `SECRET_KEY` held, newest first: for what outlives a key."""
    return [_fingerprint(text, context, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _fingerprint(text: str, context: str, secret: str) -> str:
    key = hashlib.sha256(b"fingerprint:" + context.encode() + b":" + secret.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
