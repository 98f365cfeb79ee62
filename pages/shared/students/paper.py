"""The roster and the agenda of a meeting. They name students, so each page of them says so."""

from html import escape

from pages.shared import paper

NOT_FOR_SHARING = "Student information: not for sharing"
_STYLE = f"""
@page {{ margin: 1.5cm; @bottom-left {{ content: "{NOT_FOR_SHARING}"; font: 9pt Georgia, serif }}
  @bottom-right {{ content: counter(page); font: 9pt Georgia, serif }} }}
body {{ font: 11pt/1.35 Georgia, serif; color: #15181b; background: #fff; max-width: 60rem;
  margin: 1rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.5rem; margin: 0 }}
h2 {{ font-size: 1.15rem; margin: 1.2rem 0 0; break-after: avoid }}
h3 {{ font-size: 1rem; margin: 0 }} p {{ margin: 0.15rem 0 }} .small {{ font-size: 0.9rem }}
table {{ width: 100%; border-collapse: collapse; font-size: 0.9rem; margin-top: 0.6rem }}
th, td {{ text-align: left; vertical-align: top; padding: 0.25rem 0.6rem 0.25rem 0;
  border-bottom: 1px solid #9aa1a8 }}
td:nth-child(-n+4), td:last-child, th {{ white-space: nowrap }}
tr, section {{ break-inside: avoid }}
section {{ padding-top: 0.7rem }}
dl {{ display: grid; grid-template-columns: auto 1fr; gap: 0 0.6rem; margin: 0.2rem 0 0 }}
dt {{ align-self: end }} dd {{ margin: 0; height: 1.9rem; border-bottom: 1px solid #9aa1a8 }}
"""
# What is written by hand below each student.
TO_WRITE = ("What we learned", "Next step", "Who, by when")


def roster(title: str, about: str, columns: list[str], rows: list[list[str]]) -> bytes:
    """A table with a line for each student, across the paper; its head stands on every page."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    lines = "".join(
        f"<tr>{''.join(f'<td>{escape(words)}</td>' for words in row)}</tr>" for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return _page(title, about, f"<style>@page {{ size: landscape }}</style>{table}")


def agenda(
    title: str, about: str, parts: list[tuple[str, list[tuple[str, list[str]]]]], rest: str
) -> bytes:
    """Whom we talk about, each with what is known and room to write. parts: headings with names and
    lines. rest: what is said at the end."""
    room = "".join(f"<dt>{escape(what)}</dt><dd></dd>" for what in TO_WRITE)
    body = ""
    for heading, students in parts:
        body += f"<h2>{escape(heading)}</h2>"
        for name, lines in students:
            told = "".join(f"<p>{escape(line)}</p>" for line in lines)
            body += f"<section><h3>{escape(name)}</h3>{told}<dl>{room}</dl></section>"
    return _page(title, about, f"{body}<p>{escape(rest)}</p>")


def _page(title: str, about: str, body: str) -> bytes:
    return paper.page(title, f"<b>{NOT_FOR_SHARING}.</b> {escape(about)}", body, _STYLE)
