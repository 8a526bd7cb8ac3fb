"""A running portal, whose database is put back between tests, and visitors who come to it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from .portal import ROOT, Portal, demo_country, environment_of, free_port, wait_until_it_answers
from .visitor import Visitor, size_of


@pytest.fixture(scope="session")
def running_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Start gunicorn over the demo country, once a worker."""
    folder = tmp_path_factory.mktemp("portals") / "portal"
    shutil.copytree(demo_country(shared_by_workers(tmp_path_factory)), folder)
    database, port = folder / "portal.sqlite3", free_port()
    template = shutil.copy(database, folder / "template.sqlite3")
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "unilogin_portal.wsgi"),
            *("--config", str(ROOT / "unilogin_portal" / "gunicorn.py"), "--bind", f"127.0.0.1:{port}"),
        ],
        env=environment_of(folder, port),
        cwd=ROOT,
    )
    judged = shared_by_workers(tmp_path_factory) / "judged"
    judged.mkdir(exist_ok=True)
    portal = Portal(f"http://127.0.0.1:{port}", database, template, judged)
    try:
        wait_until_it_answers(portal)
        yield portal
    finally:
        server.terminate()
        server.wait(timeout=20)


def shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of this run that all its workers have."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture
def portal(running_portal: Portal) -> Portal:
    running_portal.reset()
    return running_portal


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    browser = playwright.chromium.launch(
        executable_path=path,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    )
    yield browser
    browser.close()


@pytest.fixture
def arrive_as(chromium: Browser, portal: Portal, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return a maker of visitors; at the end no page of theirs may have complained."""
    visitors: list[Visitor] = []

    def arrive(
        *,
        language: str = "da",
        width: str = "desktop",
        script: bool = True,
        name: str | None = None,
        also: str = "",
    ) -> Visitor:
        context = chromium.new_context(
            viewport=size_of(width),
            java_script_enabled=script,
            bypass_csp=False,
            reduced_motion="reduce",
            base_url=portal.origin,
        )
        if language != "da":
            context.add_cookies([{"name": "sprog", "value": language, "url": portal.origin}])
        visitor = Visitor(
            context,
            portal,
            name=name or request.node.originalname.removeprefix("test_"),
            language=language,
            width=width,
            script=script,
            also=also,
        )
        visitors.append(visitor)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    complaints = [line for visitor in visitors for line in visitor.complaints if "status of 4" not in line]
    assert complaints == []


# Danish by phone and English at a desk, where each page is turned to the other width as well; and without script.
EVERY_WAY = [
    pytest.param({"language": "da", "width": "phone", "also": "desktop"}, id="da"),
    pytest.param({"language": "en", "width": "desktop", "also": "phone"}, id="en"),
    pytest.param({"language": "da", "width": "phone", "script": False}, id="no-script"),
]


@pytest.fixture(params=EVERY_WAY)
def visitor(request: pytest.FixtureRequest, arrive_as: Any) -> Visitor:
    """A visitor in each language, who sees each page at each width, and one without script."""
    made: Visitor = arrive_as(**request.param)
    return made
