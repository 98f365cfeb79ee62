"""Files that somebody brings: under which names they are kept, and what is zipped unpacked.

Nothing of a name or of a zip decides where a file is written: it keeps its last part alone, in the
one folder that is meant for it.
"""

import lzma
import re
import unicodedata
import zipfile
from collections.abc import Container
from pathlib import Path

from queries.convert.sheets import BROKEN, MOST_BYTES, Unreadable
from queries.load.report import shown

MOST_FILES, LONGEST_NAME = 200, 100
# What the systems that people use cannot write, or read as something else.
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_AT_ONCE = 1 << 20


def safe_name(name: str, taken: Container[str] = ()) -> str:
    """The name under which a file is kept: the last part of its path, no part of which leads
    elsewhere, hides it, or moves a cursor. One that is `taken` gets a number."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    last = re.sub(r"^[A-Za-z]:", "", last)
    plain = "".join(letter if letter.isprintable() else "_" for letter in last)
    plain = _UNSAFE.sub("_", plain).strip(" .~") or "file"
    if _DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    stem, ending = _parted(plain)
    # A file's name may take 255 bytes, and letters of other alphabets take three each.
    kept = f"{stem.encode()[:LONGEST_NAME].decode(errors='ignore')}{ending}"
    stem, number = _parted(kept)[0], 1
    while kept in taken:
        number += 1
        kept = f"{stem} ({number}){ending}"
    return kept


def _parted(name: str) -> tuple[str, str]:
    """Stem and ending, of which one of two parts such as .csv.gz."""
    found = re.fullmatch(r"(.+?)((\.\w{1,8}){1,2})", name)
    return (found[1], found[2]) if found else (name, "")


def unpack(folder: Path, problems: list[str], most: int = MOST_BYTES) -> None:
    """Put what is in every zip of a folder beside it, of at most so many bytes, and remove the zip.
    A workbook is a zip, too, and stays. What is not taken is said in `problems`."""
    left = most
    for path in sorted(folder.iterdir()):
        try:
            if _is_zip(path):
                left -= _unpack(path, left)
                path.unlink()
        except (Unreadable, RuntimeError, lzma.LZMAError, *BROKEN) as error:
            words = (str(error).splitlines() or [type(error).__name__])[0][:200]
            problems.append(f"{shown(path.name)}: {words}.")
            path.unlink()


def _is_zip(path: Path) -> bool:
    if not path.is_file() or path.name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods")):
        return False
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _unpack(path: Path, most: int) -> int:
    """Unpack one zip; how many bytes came of it. Raises Unreadable, and keeps nothing of it."""
    made: list[Path] = []
    size = 0
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if _is_wanted(one)]
            if len(members) > MOST_FILES:
                raise Unreadable(f"holds {len(members):,} files; send at most {MOST_FILES}")
            for member in members:
                if member.flag_bits & 1:
                    raise Unreadable("is locked with a password; zip the files without one")
                if member.filename.lower().endswith((".zip", ".7z", ".rar", ".tar", ".tgz")):
                    raise Unreadable("holds another zip; zip the files themselves")
                taken = {one.name for one in path.parent.iterdir()}
                made.append(path.with_name(safe_name(member.filename, taken)))
                size += _written(archive, member, made[-1], most - size)
    except BaseException:
        for one in made:
            one.unlink(missing_ok=True)
        raise
    return size


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    """No folders, and not what systems leave beside the files."""
    last = re.split(r"[/\\]", member.filename)[-1]
    return not member.is_dir() and not last.startswith(".") and "__MACOSX" not in member.filename


def _written(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, most: int) -> int:
    """Write one member; its size, which is counted, for what a zip says of it may be wrong."""
    size = 0
    with archive.open(member) as packed, path.open("xb") as file:
        while part := packed.read(_AT_ONCE):
            size += len(part)
            if size > most:
                raise Unreadable("unpacks to more than a gigabyte; send one year at a time")
            file.write(part)
    return size
