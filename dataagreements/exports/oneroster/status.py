"""What is answered to a request that cannot be served, in the words of the specification."""

import enum
from typing import Any


class CodeMinor(enum.StrEnum):
    """Why not. `invalid_sort_field` is of OneRoster 1.1; 1.2 has no word of its own for it."""

    FILTER = "invalid_filter_field"
    SELECTION = "invalid_selection_field"
    SORT = "invalid_sort_field"
    DATA = "invaliddata"
    UNKNOWN = "unknownobject"
    UNAUTHORISED = "unauthorisedrequest"
    FORBIDDEN = "forbidden"


class Refusal(Exception):
    """The request is not served. The text is plain English, for whoever wrote the program that asks."""

    def __init__(self, code: CodeMinor, description: str) -> None:
        super().__init__(description)
        self.code = code

    @property
    def status(self) -> int:
        return 404 if self.code == CodeMinor.UNKNOWN else 400

    def body(self) -> dict[str, Any]:
        return status_info(self.code, str(self))


def status_info(code: CodeMinor, description: str) -> dict[str, Any]:
    """Return the `imsx_StatusInfo`, which in 1.2 is the whole body."""
    minor = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": code.value}
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": description,
        "imsx_CodeMinor": {"imsx_codeMinorField": [minor]},
    }


def quoted(text: str) -> str:
    """Return a piece of the request as a description may repeat it: short."""
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"
