"""The sample network with fewer students: small schools that are otherwise like real ones."""

import csv
import gzip
import shutil
import zlib
from pathlib import Path

# Whose rows are kept or left out together.
ONE_OF = {
    "students": "student_id",
    "enrollments": "student_id",
    "attendance": "student_id",
    "survey_answers": "respondent_id",
}


def thinned(folder: Path, into: Path, one_in: int) -> Path:
    """Copy a folder with one in so many students and respondents; always the same ones."""
    into.mkdir()
    for path in folder.glob("*.csv*"):
        column = ONE_OF.get(path.name.split(".")[0])
        if column is None:
            shutil.copy(path, into)
            continue
        opened = gzip.open if path.suffix == ".gz" else open
        with (
            opened(path, "rt", encoding="utf-8", newline="") as rows,
            (into / path.name.removesuffix(".gz")).open("w", encoding="utf-8", newline="") as kept,
        ):
            reader = csv.DictReader(rows)
            writer = csv.DictWriter(kept, reader.fieldnames)
            writer.writeheader()
            for row in reader:
                if zlib.crc32(row[column].encode()) % one_in == 0:
                    writer.writerow(row)
    return into
