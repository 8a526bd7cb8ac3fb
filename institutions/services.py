"""What changes institutions and who belongs to them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from .importing import run, spread
from .importing.cpr_change import CprOutcome, analyse_cpr_change, change_cpr, for_the_operator
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
from .importing.report import RunReport
from .importing.retention import forget_old as forget_old_imports
from .importing.undo import undo_run, why_not_undo
from .models import Register
from .registers.load import Loaded, load_extract

__all__ = [
    "CprOutcome",
    "analyse_cpr_change",
    "approve_run",
    "arm_bypass",
    "change_cpr",
    "clear_limit",
    "confirm_series",
    "disarm_bypass",
    "for_the_operator",
    "forget_old_imports",
    "limits_of",
    "load_deliveries",
    "load_register",
    "load_waiting",
    "reject_run",
    "set_limit",
    "undo_run",
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


def load_waiting(delivery: int) -> RunReport | None:
    """Load the waiting delivery with this key, once; see `run.load_waiting`."""
    return run.load_waiting(delivery)


def load_register(register: Register, path: Path) -> Loaded:
    """Load a register's extract, all of it in one transaction. Raises `ExtractRejected`."""
    return load_extract(register, path)
