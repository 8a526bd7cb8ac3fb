"""Why an answer from MitID is refused: stable codes for the log, the metrics and the tests. People never see them."""

import enum


class Reason(enum.StrEnum):
    # What arrived is no document that may be looked at (`preparse`).
    NO_MESSAGE = "no_message"
    TOO_LARGE = "too_large"
    NOT_BASE64 = "not_base64"
    NOT_DEFLATED = "not_deflated"
    NOT_WELL_FORMED = "not_well_formed"
    NOT_UTF8 = "not_utf8"
    DTD = "dtd"
    PROCESSING_INSTRUCTION = "processing_instruction"
    COMMENT = "comment"
    CDATA = "cdata"
    TOO_DEEP = "too_deep"
    TOO_MANY_ELEMENTS = "too_many_elements"
    TOO_MANY_ATTRIBUTES = "too_many_attributes"
    UNKNOWN_ELEMENT = "unknown_element"
    DUPLICATE_ID = "duplicate_id"
    TRANSFORM = "transform"
    CANONICALISATION = "canonicalisation"
    SIGNATURE_ALGORITHM = "signature_algorithm"
    DIGEST_ALGORITHM = "digest_algorithm"
    ENCRYPTION_ALGORITHM = "encryption_algorithm"
    # The response around the assertion (D8.3, 1 and 2).
    WRONG_MESSAGE = "wrong_message"
    WRONG_VERSION = "wrong_version"
    WRONG_DESTINATION = "wrong_destination"
    WRONG_ISSUE_INSTANT = "wrong_issue_instant"
    WRONG_ISSUER = "wrong_issuer"
    CANCELLED = "cancelled"
    NOT_SUCCESS = "not_success"
    NO_IN_RESPONSE_TO = "no_in_response_to"
    WRONG_IN_RESPONSE_TO = "wrong_in_response_to"
    PLAIN_ASSERTION = "plain_assertion"
    NOT_ONE_ENCRYPTED_ASSERTION = "not_one_encrypted_assertion"
    NOT_DECRYPTED = "not_decrypted"
    # The signature (D8.3, 2).
    NOT_SIGNED = "not_signed"
    SIGNATURE_MISPLACED = "signature_misplaced"
    SIGNATURE_REFERENCE = "signature_reference"
    SIGNATURE_INVALID = "signature_invalid"
    # The assertion (D8.3, 3 to 8).
    NOT_AN_ASSERTION = "not_an_assertion"
    WRONG_NAME_ID = "wrong_name_id"
    WRONG_SUBJECT_CONFIRMATION = "wrong_subject_confirmation"
    WRONG_RECIPIENT = "wrong_recipient"
    CONFIRMATION_EXPIRED = "confirmation_expired"
    WRONG_CONDITIONS = "wrong_conditions"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_AUTHN_STATEMENT = "wrong_authn_statement"
    AUTHENTICATION_TOO_OLD = "authentication_too_old"
    SESSION_EXPIRED = "session_expired"
    WRONG_ATTRIBUTE_STATEMENT = "wrong_attribute_statement"
    DUPLICATE_ATTRIBUTE = "duplicate_attribute"
    WRONG_ATTRIBUTE = "wrong_attribute"
    WRONG_SPEC_VERSION = "wrong_spec_version"
    WRONG_CPR = "wrong_cpr"
    WRONG_CVR = "wrong_cvr"
    NO_ORGANISATION = "no_organisation"
    WRONG_P_NUMBER = "wrong_p_number"
    WRONG_PRIVILEGES = "wrong_privileges"
    NO_LOA = "no_loa"
    LOA_TOO_LOW = "loa_too_low"
    LIBRARY_REFUSED = "library_refused"
    # Whose answer it is, and whether it was given before (D8.3, 1 and 9).
    NO_BROWSER_COOKIE = "no_browser_cookie"
    UNKNOWN_REQUEST = "unknown_request"
    OTHER_BROWSER = "other_browser"
    REQUEST_TOO_OLD = "request_too_old"
    ALREADY_ANSWERED = "already_answered"
    ASSERTION_REPLAYED = "assertion_replayed"
    NOTHING_TO_COLLECT = "nothing_to_collect"


class SamlRefused(Exception):
    """A message was refused. `detail` is for the log and never holds anything from the message itself."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class LevelTooLow(SamlRefused):
    """The answer is sound, but its level of assurance is below what was asked for (D8.3, 8)."""

    def __init__(self) -> None:
        super().__init__(Reason.LOA_TOO_LOW)
