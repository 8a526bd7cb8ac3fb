"""What can be wrong with a row: the codes (D1.8), what each means and how the institution mends it."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class IssueCode(TextChoices):
    """Why a row, or a contact person of a row, was not loaded. One code a row: the first that applies."""

    SCHEMA = "SKEMA", _("The row does not follow the format")
    DOUBLE_LOCAL_ID = "DUBLET_LOCALPERSONID", _("The same LocalPersonId stands earlier in the file")
    FIELD_TOO_LONG = "FELT_FOR_LANGT", _("A field is too long")
    CPR_MISSING = "CPR_MANGLER", _("The CPR number is missing")
    CPR_INVALID = "CPR_UGYLDIGT", _("The CPR number is not valid")
    ALIAS_MISSING = "ALIAS_MANGLER", _("A person with name and address protection has no alias")
    ROLE_INVALID = "ROLLE_UGYLDIG", _("The role is missing or unknown")
    LEVEL_INVALID = "TRIN_UGYLDIGT", _("The level is missing or unknown")
    MAIN_GROUP_UNKNOWN = "HOVEDGRUPPE_UKENDT", _("The main group is not delivered as a main group")
    DOUBLE_CPR = "DUBLET_CPR", _("The same CPR number stands in another row")
    CPR_UNEXPECTED = "CPR_UVENTET", _("Unexpected CPR for localPersonID")
    SOURCE_TIME = "SOURCE_TIDSPUNKT", _("The delivery is not newer than the last one loaded")


REMEDIES: dict[IssueCode, Promise] = {
    IssueCode.SCHEMA: _("Ask the supplier of your system: an element is missing, doubled, unknown or not of its type."),
    IssueCode.DOUBLE_LOCAL_ID: _("Only the first row was loaded. Remove the double in your system."),
    IssueCode.FIELD_TOO_LONG: _("Shorten the field in your system. Names may take up 128 bytes; æ, ø and å take two."),
    IssueCode.CPR_MISSING: _("Enter the CPR number in your system."),
    IssueCode.CPR_INVALID: _("Correct the CPR number in your system."),
    IssueCode.ALIAS_MISSING: _("Enter an alias in your system, both first name and family name."),
    IssueCode.ROLE_INVALID: _("Choose one of the roles of the format in your system."),
    IssueCode.LEVEL_INVALID: _("Choose one of the levels of the format in your system."),
    IssueCode.MAIN_GROUP_UNKNOWN: _("Create the class in your system, or move the pupil to one that exists."),
    IssueCode.DOUBLE_CPR: _("The person is entered twice. Keep one of the two in your system."),
    IssueCode.CPR_UNEXPECTED: _("If the CPR number really has changed, an administrator confirms it under Change CPR."),
    IssueCode.SOURCE_TIME: _("Ask the supplier of your system to send the newest data with the time of the extract."),
}
