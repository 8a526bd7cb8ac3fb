"""What changes institutions and who belongs to them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from .importing import run
from .importing.report import RunReport
from .models import Register
from .registers.load import Loaded, load_extract


def load_deliveries(paths: Iterable[Path], *, dry_run: bool = False) -> Iterator[RunReport]:
    """Load deliveries of people from files and folders, each in its own transaction; yield what became of each.

    What is wrong with a delivery stands in its report and does not keep the others waiting.
    """
    return run.import_files(paths, dry_run=dry_run)


def load_register(register: Register, path: Path) -> Loaded:
    """Load a register's extract, all of it in one transaction. Raises `ExtractRejected`."""
    return load_extract(register, path)
