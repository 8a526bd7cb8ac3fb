"""Having the tool beside the sample data write deliveries: other institutions, later nights, messy ones."""

import json
import subprocess
import sys
from pathlib import Path

Expected = tuple[str, int, str, str]  # institution, line, local id, code


def write_night(shared: Path, folder: Path, only: str, *, night: int = 0, messy: bool = False) -> Path:
    """Write the deliveries of these institutions (numbers with commas between) into a new folder."""
    options = ["--only", only, "--night", str(night), *(["--messy"] if messy else [])]
    tool = shared / "tools" / "nation.py"
    subprocess.run(
        [sys.executable, str(tool), str(shared / "register"), str(folder), *options], check=True, capture_output=True
    )
    return folder


def expected_issues(folder: Path) -> list[Expected]:
    """Return what a validator has to find in a messy night, sorted."""
    issues = json.loads((folder / "expected-issues.json").read_text())
    return sorted((i["institution"], i["line"], i["local_person_id"], i["code"]) for i in issues)
