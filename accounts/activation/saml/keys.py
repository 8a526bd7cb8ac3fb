"""Keys: the service provider's own, and, outside production, those that the portal makes for itself.

In production the key and certificate (OCES3) come from files that the settings name. With the stand-in identity
provider, and no files named, a pair is made once under `var/keys` and kept.
"""

import base64
import datetime as dt
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BITS = 3072
LIFETIME = dt.timedelta(days=3650)


@dataclass(frozen=True)
class KeyPair:
    """A private key and its certificate, both PEM."""

    key_pem: bytes
    certificate_pem: bytes

    @property
    def key(self) -> rsa.RSAPrivateKey:
        return _private_key(self.key_pem)

    def __repr__(self) -> str:
        return "KeyPair()"


def service_provider_keys() -> KeyPair:
    """Return the pair that the portal signs and decrypts with, or raise `ImproperlyConfigured`."""
    if settings.MITID_SP_KEY and settings.MITID_SP_CERTIFICATE:
        return KeyPair(_read(settings.MITID_SP_KEY), _read(settings.MITID_SP_CERTIFICATE))
    if not stand_in_runs():
        raise ImproperlyConfigured("MITID_SP_KEY and MITID_SP_CERTIFICATE must name files")
    return own_pair("mitid-sp")


def stand_in_runs() -> bool:
    """Whether the stand-in identity provider may be used at all: never in production, whatever the settings say."""
    return bool(settings.TEST_IDP and not settings.PRODUCTION)


def own_pair(name: str) -> KeyPair:
    """Return the pair of that name under `var/keys`, making it the first time; several processes get the same."""
    path = Path(settings.VAR_DIR) / "keys" / f"{name}.pem"
    if not path.exists():
        _make(path, name)
    return _own_pair(str(path), path.stat().st_mtime_ns)


def base64_der(certificate_pem: bytes) -> str:
    """Return a certificate as metadata and signatures carry it."""
    der = x509.load_pem_x509_certificate(certificate_pem).public_bytes(serialization.Encoding.DER)
    return base64.b64encode(der).decode()


@lru_cache(maxsize=8)
def _own_pair(path: str, written_at: int) -> KeyPair:
    key, separator, certificate = Path(path).read_bytes().partition(b"-----BEGIN CERTIFICATE-----")
    return KeyPair(key, separator + certificate)


def _make(path: Path, name: str) -> None:
    """Write key and certificate into one file, whole or not at all: whoever is first wins, the others use that."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"".join(_new_pair(name)))
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _new_pair(name: str) -> Sequence[bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Unilogin {name} (not for production)")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + LIFETIME)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"A key file for MitID cannot be read: {error.strerror}") from error


@lru_cache(maxsize=8)
def _private_key(pem: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ImproperlyConfigured("MITID_SP_KEY must be an RSA key")
    return key
