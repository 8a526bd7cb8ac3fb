"""Errors that a service tells its caller, and the number that a person can read to support."""

import secrets


class DomainError(Exception):
    """The act is understood and allowed, but not now or not like this. The text is for the person and translated."""


class IllegalTransition(DomainError):
    """The thing is no longer in a state from which this act leads anywhere."""


def support_number() -> str:
    """Return a short number, such as `7F3A-20B1`, that stands both on an error page and in the log."""
    digits = secrets.token_hex(4).upper()
    return f"{digits[:4]}-{digits[4:]}"
