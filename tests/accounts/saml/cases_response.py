"""The response around the assertion (D8.3, 1 and 2)."""

from copy import deepcopy

from lxml import etree

from accounts.activation.refusals import Reason
from accounts.activation.saml import parties
from accounts.activation.saml.keys import own_pair
from accounts.testidp import responses

from .cases import refused
from .forge import Forge, doubling, idp, moment, one, removing, setting, sp_certificate, texting

SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"


@refused(Reason.WRONG_MESSAGE)
def a_message_of_another_kind(forge: Forge) -> str:
    def rename(response: etree._Element) -> None:
        response.tag = SAMLP + "LogoutResponse"

    return forge.write(outside=rename)


@refused(Reason.WRONG_VERSION)
def another_version_of_saml(forge: Forge) -> str:
    return forge.write(outside=setting(".", "Version", "1.1"))


@refused(Reason.WRONG_DESTINATION)
def another_destination(forge: Forge) -> str:
    return forge.write(outside=setting(".", "Destination", "https://attacker.example/mitid/acs"))


@refused(Reason.WRONG_DESTINATION)
def a_destination_that_only_begins_like_ours(forge: Forge) -> str:
    return forge.write(outside=setting(".", "Destination", parties.service_provider().acs_url + ".attacker.example"))


@refused(Reason.WRONG_DESTINATION)
def no_destination(forge: Forge) -> str:
    return forge.write(outside=setting(".", "Destination", None))


@refused(Reason.WRONG_ISSUE_INSTANT)
def issued_too_long_ago(forge: Forge) -> str:
    return forge.write(outside=setting(".", "IssueInstant", moment(minutes=-6)))


@refused(Reason.WRONG_ISSUE_INSTANT)
def issued_in_the_future(forge: Forge) -> str:
    return forge.write(outside=setting(".", "IssueInstant", moment(minutes=6)))


@refused(Reason.WRONG_ISSUE_INSTANT)
def no_time_of_issue(forge: Forge) -> str:
    return forge.write(outside=setting(".", "IssueInstant", None))


@refused(Reason.WRONG_ISSUE_INSTANT)
def a_time_with_a_time_zone(forge: Forge) -> str:
    return forge.write(outside=setting(".", "IssueInstant", moment()[:-1] + "+00:00"))


@refused(Reason.WRONG_ISSUE_INSTANT)
def a_day_that_does_not_exist(forge: Forge) -> str:
    return forge.write(outside=setting(".", "IssueInstant", "2026-02-30T10:00:00Z"))


@refused(Reason.WRONG_ISSUER)
def another_issuer_of_the_response(forge: Forge) -> str:
    return forge.write(outside=texting("saml:Issuer", "https://saml.attacker.example"))


@refused(Reason.WRONG_ISSUER)
def no_issuer_of_the_response(forge: Forge) -> str:
    return forge.write(outside=removing("saml:Issuer"))


@refused(Reason.NO_IN_RESPONSE_TO)
def an_answer_that_nobody_asked_for(forge: Forge) -> str:
    return forge.write(outside=setting(".", "InResponseTo", None))


@refused(Reason.UNKNOWN_REQUEST)
def an_answer_to_a_request_that_we_never_made(forge: Forge) -> str:
    return Forge("_" + "0" * 40).write()


@refused(Reason.CANCELLED)
def somebody_pressed_cancel(forge: Forge) -> str:
    return responses.refuse(forge.answer(), "Responder", "AuthnFailed")


@refused(Reason.NOT_SUCCESS)
def the_identity_provider_failed(forge: Forge) -> str:
    return responses.refuse(forge.answer(), "Responder")


@refused(Reason.NOT_SUCCESS)
def an_assertion_under_a_status_that_is_not_success(forge: Forge) -> str:
    return forge.write(outside=setting("samlp:StatusCode", "Value", "urn:oasis:names:tc:SAML:2.0:status:Requester"))


@refused(Reason.NOT_SUCCESS)
def no_status(forge: Forge) -> str:
    return forge.write(outside=removing("samlp:Status"))


@refused(Reason.NOT_ONE_ENCRYPTED_ASSERTION)
def no_assertion(forge: Forge) -> str:
    return forge.write(outside=removing("saml:EncryptedAssertion"))


@refused(Reason.NOT_ONE_ENCRYPTED_ASSERTION)
def two_encrypted_assertions(forge: Forge) -> str:
    return forge.write(outside=doubling("saml:EncryptedAssertion"))


@refused(Reason.NOT_ONE_ENCRYPTED_ASSERTION)
def an_encrypted_assertion_out_of_place(forge: Forge) -> str:
    def move(response: etree._Element) -> None:
        etree.SubElement(one(response, "samlp:Status"), SAMLP + "StatusDetail").append(
            one(response, "saml:EncryptedAssertion")
        )

    return forge.write(outside=move)


@refused(Reason.PLAIN_ASSERTION)
def a_plain_assertion(forge: Forge) -> str:
    return responses.posted(responses.response_of(forge.answer(), forge.signed_assertion()))


@refused(Reason.PLAIN_ASSERTION)
def a_plain_assertion_beside_the_encrypted_one(forge: Forge) -> str:
    return forge.write(outside=lambda response: response.append(forge.signed_assertion()))


@refused(Reason.NOT_DECRYPTED)
def encrypted_for_somebody_else(forge: Forge) -> str:
    plaintext = etree.tostring(forge.signed_assertion())
    encrypted = responses.encrypted(plaintext, idp().certificate_pem)
    return responses.posted(responses.response_of(forge.answer(), encrypted))


@refused(Reason.NOT_DECRYPTED)
def a_changed_ciphertext(forge: Forge) -> str:
    def flip(response: etree._Element) -> None:
        value = response.findall(".//{http://www.w3.org/2001/04/xmlenc#}CipherValue")[1]
        value.text = (value.text or "")[:-8] + "AAAAAAA="

    return forge.write(outside=flip)


@refused(Reason.NOT_DECRYPTED)
def two_keys_for_one_ciphertext(forge: Forge) -> str:
    return forge.write(outside=doubling("xenc:EncryptedKey"))


@refused(Reason.NOT_DECRYPTED)
def a_key_of_another_length_than_the_algorithm_says(forge: Forge) -> str:
    return forge.write(
        outside=setting("xenc:EncryptionMethod", "Algorithm", "http://www.w3.org/2009/xmlenc11#aes128-gcm")
    )


@refused(Reason.ENCRYPTION_ALGORITHM)
def triple_des(forge: Forge) -> str:
    return forge.write(
        outside=setting("xenc:EncryptionMethod", "Algorithm", "http://www.w3.org/2001/04/xmlenc#tripledes-cbc")
    )


@refused(Reason.ENCRYPTION_ALGORITHM)
def a_key_under_rsa_pkcs1(forge: Forge) -> str:
    return forge.write(
        outside=setting(
            "xenc:EncryptedKey/xenc:EncryptionMethod", "Algorithm", "http://www.w3.org/2001/04/xmlenc#rsa-1_5"
        )
    )


@refused(Reason.UNKNOWN_ELEMENT)
def a_ciphertext_to_be_fetched_elsewhere(forge: Forge) -> str:
    def refer(response: etree._Element) -> None:
        data = response.findall(".//{http://www.w3.org/2001/04/xmlenc#}CipherData")[-1]
        data.clear()
        etree.SubElement(
            data, "{http://www.w3.org/2001/04/xmlenc#}CipherReference", URI="http://attacker.example/internal"
        )

    return forge.write(outside=refer)


@refused(Reason.NOT_AN_ASSERTION)
def something_else_inside_the_encryption(forge: Forge) -> str:
    response = responses.response_of(forge.answer(), forge.signed_assertion())
    return forge.enclose(etree.tostring(response))


@refused(Reason.NOT_UTF8)
def nonsense_inside_the_encryption(forge: Forge) -> str:
    return forge.enclose(b"\x00\x01\x02")


@refused(Reason.SIGNATURE_INVALID)
def a_response_signed_by_another_key(forge: Forge) -> str:
    return forge.write(outside=lambda response: responses.signed(response, own_pair("attacker")))


@refused(Reason.NOT_SIGNED)
def a_signed_response_around_an_unsigned_assertion(forge: Forge) -> str:
    plaintext = etree.tostring(responses.assertion_of(forge.answer()))
    return forge.enclose(plaintext, outside=lambda response: responses.signed(response, idp()))


@refused(Reason.SIGNATURE_INVALID)
def a_signed_response_changed_afterwards(forge: Forge) -> str:
    def sign_and_exchange(response: etree._Element) -> None:
        responses.signed(response, idp())
        other = responses.encrypted(etree.tostring(forge.signed_assertion()), sp_certificate())
        response.replace(one(response, "saml:EncryptedAssertion"), deepcopy(other))

    return forge.write(outside=sign_and_exchange)
