"""How gunicorn serves the portal; the environment may say otherwise by `GUNICORN_CMD_ARGS`."""

import os
import shutil
from pathlib import Path
from typing import Any

wsgi_app = "unilogin_portal.wsgi"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
# The portal logs each request itself, without the query string.
accesslog = None
loglevel = "warning"
# Nothing is steered at run time, and a socket in the home directory would be shared by two portals.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Begin counting anew: with `PROMETHEUS_MULTIPROC_DIR` all workers' counts lie in that folder."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    """Leave a dead worker's gauges out of the counts."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess  # noqa: PLC0415  (only in a worker that counts)

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
