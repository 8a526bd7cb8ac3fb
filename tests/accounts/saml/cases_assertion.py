"""What the assertion says (D8.3, 3 to 7). Each is signed by the right key: only its content is wrong."""

from lxml import etree

from accounts.activation.refusals import Reason
from accounts.activation.saml import attributes, parties

from .cases import refused
from .forge import CPR, PERSON, Forge, doubling, moment, one, removing, setting, texting

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
DATA = "saml:SubjectConfirmationData"


@refused(Reason.WRONG_VERSION)
def an_assertion_of_another_version(forge: Forge) -> str:
    return forge.write(before=setting(".", "Version", "1.1"))


@refused(Reason.WRONG_ISSUER)
def another_issuer_of_the_assertion(forge: Forge) -> str:
    return forge.write(before=texting("saml:Issuer", "https://saml.attacker.example"))


@refused(Reason.WRONG_ISSUE_INSTANT)
def an_assertion_issued_too_long_ago(forge: Forge) -> str:
    return forge.write(before=setting(".", "IssueInstant", moment(minutes=-6)))


@refused(Reason.WRONG_ISSUE_INSTANT)
def an_assertion_issued_in_the_future(forge: Forge) -> str:
    return forge.write(before=setting(".", "IssueInstant", moment(minutes=6)))


@refused(Reason.WRONG_NAME_ID)
def no_subject(forge: Forge) -> str:
    return forge.write(before=removing("saml:Subject"))


@refused(Reason.WRONG_NAME_ID)
def no_name_id(forge: Forge) -> str:
    return forge.write(before=removing("saml:NameID"))


@refused(Reason.WRONG_NAME_ID)
def two_name_ids(forge: Forge) -> str:
    return forge.write(before=doubling("saml:NameID"))


@refused(Reason.WRONG_NAME_ID)
def a_name_id_that_is_no_uuid(forge: Forge) -> str:
    return forge.write(before=texting("saml:NameID", "https://data.gov.dk/model/core/eid/person/uuid/mette"))


@refused(Reason.WRONG_NAME_ID)
def a_name_id_of_neither_person_nor_professional(forge: Forge) -> str:
    return forge.write(before=texting("saml:NameID", PERSON.replace("person", "device")))


@refused(Reason.WRONG_NAME_ID)
def a_name_id_with_something_after_it(forge: Forge) -> str:
    return forge.write(before=texting("saml:NameID", PERSON + ".attacker.example"))


@refused(Reason.WRONG_NAME_ID)
def a_name_id_in_another_format(forge: Forge) -> str:
    return forge.write(
        before=setting("saml:NameID", "Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")
    )


@refused(Reason.WRONG_NAME_ID)
def an_element_within_the_name_id(forge: Forge) -> str:
    return forge.write(before=lambda assertion: etree.SubElement(one(assertion, "saml:NameID"), SAML + "Audience"))


@refused(Reason.WRONG_SUBJECT_CONFIRMATION)
def no_subject_confirmation(forge: Forge) -> str:
    return forge.write(before=removing("saml:SubjectConfirmation"))


@refused(Reason.WRONG_SUBJECT_CONFIRMATION)
def two_subject_confirmations(forge: Forge) -> str:
    return forge.write(before=doubling("saml:SubjectConfirmation"))


@refused(Reason.WRONG_SUBJECT_CONFIRMATION)
def another_method_than_bearer(forge: Forge) -> str:
    return forge.write(
        before=setting("saml:SubjectConfirmation", "Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")
    )


@refused(Reason.WRONG_SUBJECT_CONFIRMATION)
def no_subject_confirmation_data(forge: Forge) -> str:
    return forge.write(before=removing(DATA))


@refused(Reason.WRONG_SUBJECT_CONFIRMATION)
def a_confirmation_with_not_before(forge: Forge) -> str:
    return forge.write(before=setting(DATA, "NotBefore", moment(minutes=-1)))


@refused(Reason.WRONG_SUBJECT_CONFIRMATION)
def a_confirmation_without_an_end(forge: Forge) -> str:
    return forge.write(before=setting(DATA, "NotOnOrAfter", None))


@refused(Reason.CONFIRMATION_EXPIRED)
def a_confirmation_that_has_ended(forge: Forge) -> str:
    return forge.write(before=setting(DATA, "NotOnOrAfter", moment(seconds=-1)))


@refused(Reason.WRONG_RECIPIENT)
def another_recipient(forge: Forge) -> str:
    return forge.write(before=setting(DATA, "Recipient", "https://attacker.example/mitid/acs"))


@refused(Reason.WRONG_RECIPIENT)
def a_recipient_that_contains_ours(forge: Forge) -> str:
    return forge.write(
        before=setting(DATA, "Recipient", "https://attacker.example/?" + parties.service_provider().acs_url)
    )


@refused(Reason.WRONG_RECIPIENT)
def no_recipient(forge: Forge) -> str:
    return forge.write(before=setting(DATA, "Recipient", None))


@refused(Reason.WRONG_IN_RESPONSE_TO)
def a_confirmation_of_another_request(forge: Forge) -> str:
    return forge.write(before=setting(DATA, "InResponseTo", "_another"))


@refused(Reason.WRONG_IN_RESPONSE_TO)
def a_confirmation_of_no_request(forge: Forge) -> str:
    return forge.write(before=setting(DATA, "InResponseTo", None))


@refused(Reason.WRONG_CONDITIONS)
def no_conditions(forge: Forge) -> str:
    return forge.write(before=removing("saml:Conditions"))


@refused(Reason.WRONG_CONDITIONS)
def conditions_without_a_beginning(forge: Forge) -> str:
    return forge.write(before=setting("saml:Conditions", "NotBefore", None))


@refused(Reason.WRONG_CONDITIONS)
def conditions_without_an_end(forge: Forge) -> str:
    return forge.write(before=setting("saml:Conditions", "NotOnOrAfter", None))


@refused(Reason.NOT_YET_VALID)
def an_assertion_that_is_not_valid_yet(forge: Forge) -> str:
    return forge.write(before=setting("saml:Conditions", "NotBefore", moment(minutes=6)))


@refused(Reason.EXPIRED)
def an_assertion_that_has_expired(forge: Forge) -> str:
    return forge.write(before=setting("saml:Conditions", "NotOnOrAfter", moment(minutes=-6)))


@refused(Reason.WRONG_AUDIENCE)
def another_audience(forge: Forge) -> str:
    return forge.write(before=texting("saml:Audience", "https://another-service.example"))


@refused(Reason.WRONG_AUDIENCE)
def no_audience(forge: Forge) -> str:
    return forge.write(before=removing("saml:AudienceRestriction"))


@refused(Reason.WRONG_AUDIENCE)
def a_second_restriction_to_another_audience(forge: Forge) -> str:
    def restrict(assertion: etree._Element) -> None:
        doubling("saml:AudienceRestriction")(assertion)
        texting("saml:Audience", "https://another-service.example")(assertion)

    return forge.write(before=restrict)


@refused(Reason.WRONG_AUTHN_STATEMENT)
def no_authn_statement(forge: Forge) -> str:
    return forge.write(before=removing("saml:AuthnStatement"))


@refused(Reason.WRONG_AUTHN_STATEMENT)
def two_authn_statements(forge: Forge) -> str:
    return forge.write(before=doubling("saml:AuthnStatement"))


@refused(Reason.WRONG_AUTHN_STATEMENT)
def an_authentication_in_the_future(forge: Forge) -> str:
    return forge.write(before=setting("saml:AuthnStatement", "AuthnInstant", moment(minutes=6)))


@refused(Reason.SESSION_EXPIRED)
def a_session_that_has_ended(forge: Forge) -> str:
    return forge.write(before=setting("saml:AuthnStatement", "SessionNotOnOrAfter", moment(seconds=-1)))


@refused(Reason.WRONG_ATTRIBUTE_STATEMENT)
def no_attribute_statement(forge: Forge) -> str:
    return forge.write(before=removing("saml:AttributeStatement"))


@refused(Reason.WRONG_ATTRIBUTE_STATEMENT)
def two_attribute_statements(forge: Forge) -> str:
    return forge.write(before=doubling("saml:AttributeStatement"))


@refused(Reason.DUPLICATE_ATTRIBUTE)
def an_attribute_that_stands_twice(forge: Forge) -> str:
    return forge.write(before=doubling("saml:Attribute"))


@refused(Reason.WRONG_ATTRIBUTE)
def an_attribute_with_two_values(forge: Forge) -> str:
    return forge.write(before=doubling("saml:AttributeValue"))


@refused(Reason.WRONG_ATTRIBUTE)
def an_attribute_name_in_another_format(forge: Forge) -> str:
    return forge.write(
        before=setting("saml:Attribute", "NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:basic")
    )


@refused(Reason.WRONG_ATTRIBUTE)
def an_element_within_an_attribute_value(forge: Forge) -> str:
    def nest(assertion: etree._Element) -> None:
        etree.SubElement(one(assertion, "saml:AttributeValue"), SAML + "Audience").text = "x"

    return forge.write(before=nest)


@refused(Reason.WRONG_SPEC_VERSION)
def no_spec_version(forge: Forge) -> str:
    return forge.with_attribute("SPEC_VERSION", "")


@refused(Reason.WRONG_SPEC_VERSION)
def another_spec_version(forge: Forge) -> str:
    return forge.with_attribute("SPEC_VERSION", "DK-SAML-2.0")


@refused(Reason.WRONG_CPR)
def a_cpr_number_that_is_too_long(forge: Forge) -> str:
    return forge.with_attribute("CPR", CPR + "0")


@refused(Reason.WRONG_CPR)
def a_cpr_number_in_other_digits(forge: Forge) -> str:
    return forge.with_attribute("CPR", "٧١٠٣٨٦٢٣٣٤")


@refused(Reason.WRONG_CVR)
def a_professional_without_a_cvr_number(forge: Forge) -> str:
    return forge.write(forge.professional(cvr=""))


@refused(Reason.WRONG_CVR)
def a_professional_with_a_malformed_cvr_number(forge: Forge) -> str:
    return forge.write(forge.professional(cvr="9434855"))


@refused(Reason.NO_ORGANISATION)
def a_professional_without_an_organisation(forge: Forge) -> str:
    return forge.write(forge.professional(organisation=""))


@refused(Reason.WRONG_P_NUMBER)
def a_professional_with_a_malformed_p_number(forge: Forge) -> str:
    return forge.write(forge.professional(p_number="90037"))


@refused(Reason.WRONG_PRIVILEGES)
def privileges_that_are_no_privilege_list(forge: Forge) -> str:
    return forge.with_attribute("PRIVILEGES", "PGE+PC9hPg==")


@refused(Reason.NO_LOA)
def no_level_of_assurance(forge: Forge) -> str:
    return forge.with_attribute("LOA", "")


@refused(Reason.NO_LOA)
def a_level_in_the_form_that_only_requests_use(forge: Forge) -> str:
    return forge.with_attribute("LOA", attributes.LOA + "/High")


@refused(Reason.NO_LOA)
def the_old_assurance_level(forge: Forge) -> str:
    return forge.with_attribute("LOA", "3")


@refused(Reason.LOA_TOO_LOW)
def a_level_of_assurance_below_what_was_asked(forge: Forge) -> str:
    return forge.with_attribute("LOA", "Low")


@refused(Reason.LIBRARY_REFUSED)
def an_assertion_that_breaks_the_schema_of_saml(forge: Forge) -> str:
    def misorder(assertion: etree._Element) -> None:
        assertion.append(one(assertion, "saml:Subject"))

    return forge.write(before=misorder)
