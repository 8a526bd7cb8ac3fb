"""Signatures in XML: what is signed is the whole document, and by one of the keys that we were told of beforehand."""

from collections.abc import Iterable

import xmlsec
from lxml import etree
from xmlsec import constants

from ..refusals import Reason, SamlRefused
from .xml import DS, EXC_C14N, children, only

_ENVELOPED = DS + "enveloped-signature"
# Told to the library too, so that it would not run another transform even if the pre-parser let one through.
_DIGESTS = (constants.TransformSha256, constants.TransformSha384, constants.TransformSha512)
_REFERENCE_TRANSFORMS = (constants.TransformEnveloped, constants.TransformExclC14N, *_DIGESTS)
_SIGNATURE_TRANSFORMS = (
    constants.TransformExclC14N,
    constants.TransformRsaSha256,
    constants.TransformRsaSha384,
    constants.TransformRsaSha512,
    constants.TransformEcdsaSha256,
    constants.TransformEcdsaSha384,
    constants.TransformEcdsaSha512,
    *_DIGESTS,
)


def is_signed(root: etree._Element) -> bool:
    """Whether a signature stands anywhere in the document."""
    return next(root.iter(f"{{{DS}}}Signature"), None) is not None


def verify(root: etree._Element, certificates: Iterable[bytes]) -> etree._Element:
    """Return the element that the document's one signature covers, which is always `root`, or raise `SamlRefused`.

    `root` must be its document's root. Signature wrapping has no room: there is one signature, it is the root's
    child, its one reference names the root's own ID, and identifiers are unique (`preparse`).
    """
    signatures = list(root.iter(f"{{{DS}}}Signature"))
    if not signatures:
        raise SamlRefused(Reason.NOT_SIGNED)
    if len(signatures) != 1 or signatures[0].getparent() is not root:
        raise SamlRefused(Reason.SIGNATURE_MISPLACED)
    _check_reference(signatures[0], root)
    if not any(_is_signed_by(certificate, signatures[0], root) for certificate in certificates):
        raise SamlRefused(Reason.SIGNATURE_INVALID)
    return root


def _check_reference(signature: etree._Element, root: etree._Element) -> None:
    signed_info = only(signature, DS, "SignedInfo", Reason.SIGNATURE_REFERENCE)
    reference = only(signed_info, DS, "Reference", Reason.SIGNATURE_REFERENCE)
    own_id = root.get("ID")
    if not own_id or reference.get("URI") != f"#{own_id}":
        raise SamlRefused(Reason.SIGNATURE_REFERENCE)
    transforms = only(reference, DS, "Transforms", Reason.TRANSFORM)
    names = [transform.get("Algorithm") for transform in children(transforms, DS, "Transform")]
    if names != [_ENVELOPED, EXC_C14N]:
        raise SamlRefused(Reason.TRANSFORM)


def _is_signed_by(certificate: bytes, signature: etree._Element, root: etree._Element) -> bool:
    context = xmlsec.SignatureContext()
    for transform in _REFERENCE_TRANSFORMS:
        context.enable_reference_transform(transform)
    for transform in _SIGNATURE_TRANSFORMS:
        context.enable_signature_transform(transform)
    context.register_id(root, "ID")
    # With a key given, what the signature's KeyInfo says about keys is not looked at.
    context.key = xmlsec.Key.from_memory(certificate, constants.KeyDataFormatCertPem)
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True
