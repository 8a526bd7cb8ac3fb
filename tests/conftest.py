"""Fixtures that every test may ask for."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User

from .cast import PASSWORD, Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """The named cast, see `tests/cast.py`."""
    return assemble()


@pytest.fixture
def logged_in(cast: Cast) -> Callable[[str], Client]:
    """Return a client with the session of a member of the cast, or a visitor's for "visitor"."""

    def log_in(name: str) -> Client:
        client = Client()
        if name != "visitor":
            client.force_login(cast[name], backend="accounts.backends.UniloginBackend")
        return client

    return log_in


@pytest.fixture
def type_in() -> Callable[[Client, User | str], None]:
    """Log in on the pages, with user name and password."""

    def enter(client: Client, user: User | str, password: str = PASSWORD) -> None:
        client.post("/login/brugernavn/", {"username": getattr(user, "username", user)})
        client.post("/login/adgangskode/", {"password": password})

    return enter
