"""Random names of things."""

import secrets


def new_uniid() -> str:
    """Return ten hex digits, the pseudonymous id that services may know a user by (D2.3)."""
    return secrets.token_hex(5)
