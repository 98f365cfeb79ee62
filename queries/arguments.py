"""What the command line takes: each command with its arguments, and what is wrong with them."""

import argparse
import math
import tomllib
from datetime import date
from pathlib import Path

from queries import accounts, privacy
from queries.home import PROJECT
from queries.load import watch
from queries.team import records

FORMATS = ("table", "csv", "json")


def _version() -> str:
    """As pyproject.toml states it, the one place that does."""
    return tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def parser(description: str | None) -> argparse.ArgumentParser:
    """What a line after `python -m queries` may say; `command` is the name of what to do."""
    parser = argparse.ArgumentParser(prog="python -m queries", description=description)
    parser.add_argument("--version", action="version", version=f"Roundtable {_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    _take_load(_command(commands, "load", "make a generation of a folder and publish it"))
    command = _command(commands, "changes", "what would change if FOLDER were published")
    command.add_argument("folder", type=_path, metavar="FOLDER")
    command.add_argument("--json", action="store_true", help="the same as JSON")
    _take_add(command)
    _take_mapping(command)
    command = _command(commands, "map", "say what files of another system are taken for")
    command.add_argument("folder", type=_path, metavar="FOLDER")
    command.add_argument("--out", type=_path, metavar="FILE", help="instead of FOLDER/mapping.toml")
    command.add_argument("--json", action="store_true", help="the mapping as JSON")
    command.add_argument("--unpack", action="store_true", help="unpack every zip there, first")
    command.add_argument(
        "--first-rows",
        type=_positive,
        default=0,
        metavar="N",
        help="in the JSON, the first N rows of each sheet, without names and words",
    )
    _take_mapping(command)
    command = _command(commands, "convert", "the exchange folder that FOLDER means")
    command.add_argument("folder", type=_path, metavar="FOLDER")
    command.add_argument("out", type=_path, metavar="OUT")
    _take_mapping(command)
    _take_show(_command(commands, "show", "answer one question"))
    _take_reconcile(_command(commands, "reconcile", "explain why another's number differs"))
    _command(commands, "list", "name every question")
    _command(commands, "check", "ask the published generation every question")
    _command(commands, "audit", "attack the share view: can a hidden count be worked out?")
    command = _command(commands, "generations", "list what can be gone back to")
    command.add_argument("--publish", metavar="NAME", help="serve this generation from now on")

    command = _command(commands, "backup", "copy what people wrote into a new folder")
    command.add_argument("folder", type=_path, nargs="?", metavar="FOLDER")
    locked_for = "lock it: a public key, age1…"
    command.add_argument("--key", metavar="PUBLIC", help=locked_for)
    command = _command(commands, "restore", "put a backup in place, keep what was there")
    command.add_argument("folder", type=_path, metavar="BACKUP")
    command.add_argument("--key", type=_path, metavar="FILE", help="opens one that was locked")
    command = _command(commands, "export", "what people wrote, as CSV and JSON Lines")
    command.add_argument("folder", type=_path, metavar="FOLDER")
    command.add_argument("--school", metavar="SCHOOL", help="its name or id; without it, all")
    command.add_argument("--key", metavar="PUBLIC", help=locked_for)
    command = _command(commands, "key", "make a key that opens what is locked for it")
    command.add_argument("file", type=_path, metavar="FILE")
    _take_forget(
        _command(commands, "forget", "erase what people wrote of a student, school or year")
    )
    command = _command(commands, "grant", "give an account a role, and list who has one")
    command.add_argument("account", nargs="?", metavar="ACCOUNT", help="as the provider names it")
    command.add_argument("role", nargs="?", choices=[*records.ROLES, "none"])
    command.add_argument("--school", action="append", default=[], metavar="ID", help="of a team")
    command = _command(commands, "sign-ins", "who signed in last, newest first")
    command.add_argument("--last", type=_positive, default=accounts.SHOWN, metavar="N")
    return parser


def _take_mapping(command: argparse.ArgumentParser) -> None:
    command.add_argument("--mapping", type=_path, metavar="FILE", help="what foreign files mean")


def _take_add(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--add",
        action="store_true",
        help="FOLDER is a part of a year: replace only the days and rows that it covers",
    )


def _take_load(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=_path, metavar="FOLDER")
    _take_mapping(command)
    _take_add(command)
    command.add_argument("--dry-run", action="store_true", help="check only, publish nothing")
    command.add_argument("--json", action="store_true", help="the report as JSON")
    command.add_argument(
        "--watch", action="store_true", help="go on, and load each new export that arrives there"
    )
    command.add_argument(
        "--every",
        type=_seconds,
        default=watch.EVERY_SECONDS,
        metavar="SECONDS",
        help="how often --watch looks: longer than the export pauses between two files",
    )
    command.add_argument(
        "--accept-losses",
        action="store_true",
        help="publish also what holds much less than what is published now",
    )
    command.add_argument(
        "--release",
        action="store_true",
        help="let the share view stand on the newest day, not on a month's end: two releases a few "
        "days apart can be subtracted, and tell of single students",
    )
    command.add_argument("--source", metavar="WORDS", help="where the data come from, in words")
    command.add_argument(
        "--minimum",
        type=_minimum,
        default=privacy.MINIMUM,
        metavar="N",
        help="students below which the share view withholds (10 or more)",
    )


def _take_show(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", metavar="SUBJECT/QUESTION")
    for name in ("school-year", "compare-year", "network", "neighborhood", "school"):
        command.add_argument(f"--{name}")
    command.add_argument("--grade", action="append", help="give it again for several grades")
    command.add_argument(
        "--compare-administration",
        metavar="WHEN",
        help="the time of the same year that a survey is compared with, such as fall",
    )
    command.add_argument("--group", type=_group, metavar="DIMENSION=VALUE")
    command.add_argument("--definition", default="federal")
    command.add_argument("--other-definition")
    command.add_argument("--as-of", type=_date, metavar="DATE")
    command.add_argument("--respondent-group")
    command.add_argument("--survey")
    command.add_argument("--assume-n", type=_positive, metavar="N")
    command.add_argument("--share", action="store_true", help="only what everybody may see")
    command.add_argument("--format", choices=FORMATS, default="table")


def _take_reconcile(command: argparse.ArgumentParser) -> None:
    command.add_argument("--number", type=_count, required=True, help="chronically absent there")
    for name in ("school-year", "network", "school"):
        command.add_argument(f"--{name}")
    command.add_argument("--definition", default="federal", help="the one that counts here")
    command.add_argument("--as-of", type=_date, metavar="DATE", help="the day up to which we count")
    command.add_argument("--their-definition", metavar="NAME", help="theirs, if they say it")
    command.add_argument("--their-date", type=_date, metavar="DATE", help="the day of theirs")
    command.add_argument(
        "--students",
        type=_path,
        metavar="FILE",
        help="their students as CSV: student_id, and if given days_absent, days_enrolled and "
        "chronically_absent (yes or no)",
    )
    command.add_argument("--names", action="store_true", help="list the students of each step")
    command.add_argument("--format", choices=FORMATS, default="table")


def _take_forget(command: argparse.ArgumentParser) -> None:
    about = command.add_mutually_exclusive_group(required=True)
    about.add_argument("student_id", nargs="?", metavar="STUDENT_ID")
    about.add_argument("--school", metavar="SCHOOL", help="a whole school, by its name or id")
    about.add_argument("--school-year", type=_school_year, metavar="YEAR", help="such as 2023-24")
    command.add_argument("--yes", action="store_true", help="of a school or year: do not ask first")


def _command(commands, name: str, what: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=what)
    command.add_argument("--home", type=_path, metavar="DIR", help="the data folder")
    command.set_defaults(command=name)
    return command


def _group(text: str) -> tuple[str, str]:
    dimension, mark, value = text.partition("=")
    if not mark:
        raise argparse.ArgumentTypeError("write DIMENSION=VALUE, such as disability=yes")
    return dimension, value


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("'' is no folder; write . for the one you are in")
    return Path(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write 2026-03-20") from None


def _school_year(text: str) -> str:
    if not records.is_school_year(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a school year; write 2023-24")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0.01 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.01 to 86400")
    return seconds


def _positive(text: str) -> int:
    # So many answers are nobody's, and their square still fits 64 bits.
    if not text.isdecimal() or len(text) > 9 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 999999999")
    return int(text)


def _count(text: str) -> int:
    return 0 if text.isdecimal() and int(text) == 0 else _positive(text)


def _minimum(text: str) -> int:
    number = _positive(text)
    if number < privacy.MINIMUM:
        raise argparse.ArgumentTypeError(f"the minimum is {privacy.MINIMUM} or more, not {number}")
    return number
