"""Deliveries spread over processes, each with its own connection. For PostgreSQL: SQLite takes one writer at a time.

The files of one institution go to one process, in their order. A process that dies is replaced, and what becomes of
the file it had in hand is told all the same.
"""

import re
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import connection as pipes
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import structlog
from django.db import connections

from ..models import RunState
from . import run, sources
from .hidden import shown_file_name
from .reasons import DeliveryRejected, Reason
from .report import RunReport
from .unchanged import Known

log = structlog.get_logger("unilogin.import")

_PROCESSES = get_context("fork")  # so that a child needs nothing loaded and set up anew
_HEAD = 16 * 1024
_NUMBER = re.compile(rb"<(?:[^\s<>/:]+:)?InstitutionNumber[^<>]*>\s*(\w{1,20})\s*<")
_PATIENCE = 15  # seconds that a process has for ending what it does

Task = tuple[int, Path]  # a file and its place among all


def import_files(paths: Iterable[Path], *, workers: int, dry_run: bool = False) -> Iterator[RunReport]:
    """Import the deliveries in these files and folders; yield what became of each, in their order."""
    waiting = _by_institution(list(sources.find(paths)))
    done: dict[int, RunReport] = {}
    told = 0
    with _team(min(workers, len(waiting)), dry_run=dry_run) as team:
        for place, report in team.work(waiting):
            done[place] = report
            while told in done:
                yield done.pop(told)
                told += 1


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    tasks: deque[Task] = field(default_factory=deque)  # the first is in hand


class _Team:
    def __init__(self, *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.workers: list[_Worker] = []

    def hire(self) -> _Worker:
        connections.close_all()  # a connection must not be shared with a child
        ours, theirs = _PROCESSES.Pipe()
        # A child holds no other's pipe open, or nobody would notice an end.
        inherited = [ours, *(worker.pipe for worker in self.workers)]
        process = _PROCESSES.Process(target=_work, args=(theirs, inherited, self.dry_run), daemon=True)
        process.start()
        theirs.close()
        self.workers.append(worker := _Worker(process, ours))
        return worker

    def work(self, waiting: deque[deque[Task]]) -> Iterator[tuple[int, RunReport]]:
        """Hand out the tasks, an institution's at a time, and yield what becomes of each as it comes."""
        for worker in list(self.workers):
            self._hand_out(worker, waiting)
        while busy := {worker.pipe: worker for worker in self.workers if worker.tasks}:
            for pipe in pipes.wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                place, path = worker.tasks[0]
                try:
                    report = worker.pipe.recv()
                except (EOFError, OSError):
                    worker = self._replace(worker)
                    report = _of_the_lost(path)
                worker.tasks.popleft()
                self._hand_out(worker, waiting)
                yield place, report

    def _hand_out(self, worker: _Worker, waiting: deque[deque[Task]]) -> None:
        if not worker.tasks and waiting:
            worker.tasks = waiting.popleft()
        if worker.tasks:
            try:
                worker.pipe.send(worker.tasks[0][1])
            except OSError:  # gone between two files
                self._hand_out(self._replace(worker), waiting)

    def _replace(self, gone: _Worker) -> _Worker:
        self.dismiss(gone)
        worker = self.hire()
        worker.tasks = gone.tasks
        return worker

    def dismiss(self, worker: _Worker) -> None:
        """Let a process end, which writes what is left to write; one that does not is killed."""
        self.workers.remove(worker)
        worker.pipe.close()
        worker.process.join(_PATIENCE)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        if worker.process.exitcode:
            log.error("import_process_ended", code=worker.process.exitcode)


@contextmanager
def _team(size: int, *, dry_run: bool) -> Iterator[_Team]:
    team = _Team(dry_run=dry_run)
    try:
        for _ in range(size):
            team.hire()
        yield team
    except BaseException:
        for worker in team.workers:
            worker.process.terminate()
        raise
    finally:
        for worker in list(team.workers):
            team.dismiss(worker)


def _work(pipe: Connection, inherited: Iterable[Connection], dry_run: bool) -> None:
    """What a child does: import the files that come through the pipe, until it is closed."""
    for other in inherited:
        other.close()
    # Ctrl+C reaches all processes; the parent says what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        for report in run.import_each(_coming(pipe), dry_run=dry_run):
            pipe.send(report)
    except BrokenPipeError:  # nobody is there to be told
        sys.exit(1)
    finally:
        connections.close_all()


def _coming(pipe: Connection) -> Iterator[Path]:
    while True:
        try:
            yield pipe.recv()
        except EOFError:
            return


def _by_institution(files: Iterable[Path]) -> deque[deque[Task]]:
    """Return the files in groups, one for each institution, in the order in which the first of each comes."""
    groups: dict[object, deque[Task]] = {}
    for place, path in enumerate(files):
        groups.setdefault(_number(path) or place, deque()).append((place, path))
    return deque(groups.values())


def _number(path: Path) -> bytes:
    """Return the institution's number as far as a glance tells. The lock on a series keeps what a glance gets wrong."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            found = _NUMBER.search(file.read(_HEAD))
    except OSError:
        return b""
    return found[1] if found else b""


def _of_the_lost(path: Path) -> RunReport:
    """Return what became of a delivery whose process died: loaded, if it died right after, else interrupted."""
    name = shown_file_name(path.name)
    try:
        known = Known().report(sources.open_file(path))
    except DeliveryRejected:
        known = None
    return known or RunReport(name, RunState.REJECTED, reason=Reason.INTERRUPTED, details={"line": 1})
