"""Where the data are kept."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The data folder: ROUNDTABLE_HOME, or `.roundtable` beside app.py."""
    return Path(os.environ.get("ROUNDTABLE_HOME") or PROJECT / ".roundtable")
