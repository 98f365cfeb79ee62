"""The sample network as it stood on an earlier day: what happened since is not known yet."""

import csv
import gzip
import shutil
from datetime import date
from pathlib import Path


def cut(folder: Path, into: Path, last_day: date) -> Path:
    """Copy a folder with attendance up to a day alone; everything else is as it was."""
    into.mkdir()
    for path in folder.glob("*.csv*"):
        if not path.name.startswith("attendance.csv"):
            shutil.copy(path, into)
    with (
        gzip.open(folder / "attendance.csv.gz", "rt", encoding="utf-8", newline="") as rows,
        (into / "attendance.csv").open("w", encoding="utf-8", newline="") as kept,
    ):
        reader = csv.DictReader(rows)
        writer = csv.DictWriter(kept, reader.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in reader if row["date"] <= str(last_day))
    return into
