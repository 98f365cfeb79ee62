"""One HTML file that opens everywhere and prints well. Every text in it is escaped where it is put
in, so that what somebody typed is text."""

from html import escape


def page(title: str, below: str, body: str, style: str) -> bytes:
    """A page with its title. below, body: HTML of our own, with escaped texts in it."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="small">{below}</p>{body}</body></html>'
    ).encode("utf-8", "replace")
