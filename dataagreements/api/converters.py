"""Parts of addresses that machines speak to."""

from django.urls import register_converter


class _Text:
    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class InstitutionNumber(_Text):
    """An institution's number (D5.1)."""

    regex = "[A-Z0-9]{6}"


class Anything(_Text):
    """Whatever comes, slashes and line breaks too."""

    regex = "(?s:.+)"


register_converter(InstitutionNumber, "institution")
register_converter(Anything, "anything")
