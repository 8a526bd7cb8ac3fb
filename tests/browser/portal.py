"""A running portal with the demo country: the server is gunicorn, as `make run` starts it, one for each worker."""

import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OPERATOR_PASSWORD = "LampeSkov47"


@dataclass(frozen=True)
class Portal:
    """A portal that answers at `origin`."""

    origin: str
    database: Path
    template: Path
    judged: Path  # an empty file for each structure that was judged, for all workers

    def reset(self) -> None:
        """Put the demo country back as it was when it was loaded."""
        with closing(sqlite3.connect(self.template)) as source, closing(sqlite3.connect(self.database)) as target:
            source.backup(target)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query, values).fetchall()

    def write(self, query: str, *values: object) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(query, values)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment_of(folder: Path, port: int) -> dict[str, str]:
    """Return the settings of a portal that keeps everything in this folder."""
    return {
        **os.environ,
        "DEBUG": "0",
        "DEMO": "1",
        "HASHED_STATIC": "1",
        "ORIGIN": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "VAR_DIR": str(folder),
        "STATIC_ROOT": str(ROOT / "var" / "static"),
        "LOG_LEVEL": "WARNING",
        "WEB_WORKERS": "1",
        "DEMO_OPERATOR_PASSWORD": OPERATOR_PASSWORD,
        "IMPORT_CONSENT": "dataagreements.consent.may_deliver",  # the whole portal: what comes in, comes by agreement
    }


def demo_country(shared: Path) -> Path:
    """Return a folder with the demo country loaded. Of several workers one loads it, and the others wait."""
    folder, loaded = shared / "demo-country", shared / "demo-country-loaded"
    with (shared / "demo-country.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not loaded.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            load_demo_country(folder)
            loaded.touch()
    return folder


def load_demo_country(folder: Path) -> None:
    environment = environment_of(folder, 80)  # the portals that it is copied to have ports of their own
    manage = [sys.executable, str(ROOT / "manage.py")]
    if not (ROOT / "var" / "static" / "staticfiles.json").exists():
        options = ["--noinput", "--ignore", "scss", "--verbosity", "0"]
        subprocess.run([*manage, "collectstatic", *options], env=environment, check=True)
    subprocess.run([*manage, "messages", "compile"], env=environment, check=True)
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
    subprocess.run([*manage, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def wait_until_it_answers(portal: Portal) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{portal.origin}/sundhed/live", timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the portal does not answer")
