"""Pages of docs as people without a network read and print them: one file for a browser each, pictures and all."""

import base64
import html
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = Path(__file__).resolve().parent.parent / "docs"

LEAFLETS = {"premier-jour.md": "Premier jour.html", "technicien.md": "Technicien.html"}
"""The pages that go with a pack, and what they are called there."""

_SHEET = """<!DOCTYPE html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 12mm 16mm }}
body {{ font: 11.5pt/1.4 Andika, Verdana, "DejaVu Sans", sans-serif; color: #22303c; max-width: 46em; margin: 0 auto; padding: 0 1em }}
h1 {{ font-size: 1.9em; margin: 0.4em 0 }}
h2 {{ font-size: 1.2em; margin: 1em 0 0.3em; break-after: avoid }}
p, ol, ul, pre {{ margin: 0.4em 0 }}
img {{ display: block; max-width: 100%; max-height: 75mm; margin: 0.5em auto; break-inside: avoid }}
img {{ border: 1px solid #d9cdbb; border-radius: 6px }}
table {{ border-collapse: collapse; margin: 0.5em 0 }}
td, th {{ border: 1px solid #d9cdbb; padding: 0.25em 0.6em; text-align: left; vertical-align: top }}
pre {{ background: #f4eee3; padding: 0.5em; white-space: pre-wrap }}
hr {{ break-after: page; border: none }}
@media print {{ body {{ font-size: 9pt; max-width: none; padding: 0 }} img {{ max-height: 47mm }} td, th {{ padding: 0.1em 0.5em }} }}
</style>
{body}
</html>
"""


def leaflet(page: Path) -> str:
    """Return a page of Markdown as one HTML file: its pictures in it, its links only where they lead somewhere from there."""
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(page.read_text(encoding="utf-8"))
    for token in tokens:
        if token.children is not None:
            token.children = list(_own(token.children, page.parent))
    title = next(tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open")
    return _SHEET.format(title=html.escape(title), body=markdown.renderer.render(tokens, markdown.options, {}))


def _own(tokens: Sequence[Token], folder: Path) -> Iterator[Token]:
    """Give the parts of a line, without a link that leads elsewhere in the project; what it says stays."""
    is_left_out = False
    for token in tokens:
        if token.type == "link_open":
            place = LEAFLETS.get(str(token.attrs["href"]).partition("#")[0], token.attrs["href"])
            token.attrs["href"] = place
            is_left_out = place not in LEAFLETS.values() and not str(place).startswith("https://")
        elif token.type == "image":
            data = base64.b64encode((folder / str(token.attrs["src"])).read_bytes()).decode("ascii")
            token.attrs["src"] = f"data:image/png;base64,{data}"
        if not (is_left_out and token.type in ("link_open", "link_close")):
            yield token
