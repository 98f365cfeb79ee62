"""The page that goes to the district with two numbers of one thing: one sheet, and no student."""

from html import escape

from pages.shared import paper

_STYLE = """
@page { margin: 1.6cm }
body { font: 10.5pt/1.35 Georgia, serif; color: #15181b; background: #fff; max-width: 46rem;
  margin: 1rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; line-height: 1.2; margin: 0 }
h2 { font-size: 1.05rem; margin: 0.9rem 0 0.2rem }
p, li { margin: 0.15rem 0 } ol { padding-left: 1.2rem; margin: 0 } .small { font-size: 0.9rem }
table { width: 100%; border-collapse: collapse }
td { padding: 0.15rem 0; border-bottom: 1px solid #9aa1a8 } td + td { text-align: right }
tr:first-child td, tr:last-child td { font-weight: bold }
h2, tr, li { break-inside: avoid }
"""


def district(
    title: str,
    sent: str,
    numbers: list[tuple[str, list[str]]],
    steps: list[tuple[str, str]],
    asked: list[str],
) -> bytes:
    """numbers: a heading for each of both, and what it is. steps: from the one to the other, each
    with its students. asked: what to answer."""
    told = "".join(
        f"<h2>{escape(heading)}</h2>{''.join(f'<p>{escape(line)}</p>' for line in lines)}"
        for heading, lines in numbers
    )
    rows = "".join(
        f"<tr><td>{escape(what)}</td><td>{escape(students)}</td></tr>" for what, students in steps
    )
    questions = "".join(f"<li>{escape(question)}</li>" for question in asked)
    body = (
        f"{told}<h2>From our number to yours, in students</h2><table>{rows}</table>"
        f"<h2>What we ask you</h2><ol>{questions}</ol>"
    )
    return paper.page(title, escape(sent), body, _STYLE)
