"""What changes institutions and who belongs to them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from .importing import run, spread
from .importing.cpr_change import CprOutcome, analyse_cpr_change, change_cpr
from .importing.decisions import (
    approve_run,
    arm_bypass,
    clear_limit,
    confirm_series,
    disarm_bypass,
    limits_of,
    reject_run,
    set_limit,
)
from .importing.expiry import end_old_series
from .importing.inbox import take_up as take_in_deliveries
from .importing.night import SeriesBusy, load_series, load_waiting, series_due
from .importing.reception import Became, Sender, how_many_wait, receive, what_became
from .importing.report import RunReport
from .importing.retention import forget_old as forget_old_imports
from .importing.undo import undo_run, why_not_undo
from .models import Register
from .registers.load import Loaded, load_extract

__all__ = [
    "Became",
    "CprOutcome",
    "Sender",
    "SeriesBusy",
    "analyse_cpr_change",
    "approve_run",
    "arm_bypass",
    "change_cpr",
    "clear_limit",
    "confirm_series",
    "disarm_bypass",
    "end_old_series",
    "forget_old_imports",
    "how_many_wait",
    "limits_of",
    "load_deliveries",
    "load_register",
    "load_series",
    "load_waiting",
    "receive",
    "reject_run",
    "series_due",
    "set_limit",
    "take_in_deliveries",
    "undo_run",
    "what_became",
    "why_not_undo",
]


def load_deliveries(paths: Iterable[Path], *, dry_run: bool = False, workers: int = 1) -> Iterator[RunReport]:
    """Load deliveries of people from files and folders, each in its own transaction; yield what became of each.

    What is wrong with a delivery stands in its report and does not keep the others waiting. More than one of `workers`
    are processes, for which PostgreSQL is needed.
    """
    if workers > 1:
        return spread.import_files(paths, workers=workers, dry_run=dry_run)
    return run.import_files(paths, dry_run=dry_run)


def load_register(register: Register, path: Path) -> Loaded:
    """Load a register's extract, all of it in one transaction. Raises `ExtractRejected`."""
    return load_extract(register, path)
