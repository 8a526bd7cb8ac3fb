"""The second opinion: python3-saml judges the opened answer too, and only what both accept is accepted.

Our own checks come first and are the stricter. The library, written by others and read by many, adds the XML schema of
SAML 2.0 and guards against a mistake of ours. It is handed only what the pre-parser let through.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from ..refusals import Reason, SamlRefused
from .parties import IdentityProvider, ServiceProvider
from .xml import DS, PERSISTENT, POST_BINDING, SAML

if TYPE_CHECKING:
    from .response import Expected


def agree(response: etree._Element, assertion: etree._Element, expected: Expected) -> None:
    """Raise `SamlRefused` unless the library accepts the answer as well."""
    document = OneLogin_Saml2_Utils.b64encode(etree.tostring(_opened(response, assertion)))
    acs = urlsplit(expected.sp.acs_url)
    request = {
        "https": "on" if acs.scheme == "https" else "off",
        "http_host": acs.netloc,
        "script_name": acs.path,
    }
    try:
        judged = OneLogin_Saml2_Response(_settings(expected.idp, expected.sp), document)
        judged.is_valid(request, expected.request_id, raise_exceptions=True)
    except Exception as error:
        # It also raises bare exceptions, and whatever it trips over it has not accepted. Its message may quote the
        # document; its number, or what kind of error it was, does not.
        detail = str(getattr(error, "code", type(error).__name__))
        raise SamlRefused(Reason.LIBRARY_REFUSED, detail) from None


def _opened(response: etree._Element, assertion: etree._Element) -> etree._Element:
    """Return the response with its assertion in the clear, and without its own signature, which was verified before."""
    copy = deepcopy(response)
    for signature in copy.findall(f"{{{DS}}}Signature"):
        copy.remove(signature)
    encrypted = copy.find(f"{{{SAML}}}EncryptedAssertion")
    assert encrypted is not None  # noqa: S101  there was exactly one
    copy.replace(encrypted, deepcopy(assertion))
    return copy


@lru_cache(maxsize=4)
def _settings(idp: IdentityProvider, sp: ServiceProvider) -> Any:
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": sp.entity_id,
                "assertionConsumerService": {"url": sp.acs_url, "binding": POST_BINDING},
                "NameIDFormat": PERSISTENT,
            },
            "idp": {
                "entityId": idp.entity_id,
                "singleSignOnService": {"url": idp.sso_url},
                "x509certMulti": {"signing": [certificate.decode() for certificate in idp.certificates]},
            },
            "security": {
                "wantAssertionsSigned": True,
                "rejectDeprecatedAlgorithm": True,
                "requestedAuthnContext": False,
                "allowSingleLabelDomains": True,
            },
        }
    )
