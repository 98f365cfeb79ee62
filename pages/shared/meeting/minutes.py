"""The page to send round after a meeting. Only what was released comes here."""

from base64 import b64encode
from html import escape

import pandas as pd

from pages.shared import formats, paper, poster
from pages.shared.card import Card
from pages.shared.meeting import sentences

_STYLE = """
body { font: 16px/1.5 Georgia, serif; color: #15181b; background: #fff; max-width: 46rem;
  margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7rem; line-height: 1.2; margin-bottom: 0.2rem }
h2 { font-size: 1.1rem; margin: 1.6rem 0 0.3rem }
p, li { margin: 0.2rem 0 } .small { color: #5d636b; font-size: 0.9rem }
img { width: 100%; height: auto; break-inside: avoid; margin-top: 1rem }
"""


def parts(
    meeting, pledges: pd.DataFrame, prides: pd.DataFrame, priorities: list[str]
) -> list[tuple[str, list[str]]]:
    """What the page says, as headings with lines; a heading without lines is left out."""
    told = [
        (
            "What we promise",
            [
                f"{sentences.pledge(row)} ({sentences.lower(sentences.measured(row))})"
                for row in pledges.itertuples()
            ],
        ),
        *((heading, [text]) for heading, text in sentences.words(meeting)),
        ("What we move together", priorities),
        ("What we are proud of", [f"{row.school_name}: {row.text}" for row in prides.itertuples()]),
    ]
    return [(heading, lines) for heading, lines in told if lines]


def page(meeting, told: list[tuple[str, list[str]]], looked_at: list[Card]) -> bytes:
    """The whole page, with pictures of what the meeting looked at."""
    when = escape(f"{formats.day(meeting.held_on)}, {sentences.who_met(meeting)}")
    body = "".join(
        f"<h2>{escape(heading)}</h2><ul>"
        + "".join(f"<li>{escape(line)}</li>" for line in lines)
        + "</ul>"
        for heading, lines in told
    )
    drawn = "".join(
        f'<img alt="{escape(card.reading)}" '
        f'src="data:image/png;base64,{b64encode(poster.png(card)).decode()}">'
        for card in looked_at
    )
    return paper.page(sentences.title(meeting), when, body + drawn, _STYLE)
