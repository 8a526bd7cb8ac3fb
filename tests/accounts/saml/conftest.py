"""A browser that asks MitID, and the answers to it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from .door import Browser, MitidLog


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(autouse=True)
def _own_keys(settings, key_folder: Path) -> None:
    """Keys of the tests' own: made once a run, never the installation's."""
    settings.VAR_DIR = key_folder


@pytest.fixture
def browser(db: None) -> Browser:
    return Browser()


@pytest.fixture
def another_browser(db: None) -> Browser:
    return Browser()


@pytest.fixture
def mitid_log() -> Iterator[MitidLog]:
    handler = MitidLog()
    logger = logging.getLogger("unilogin.mitid")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
