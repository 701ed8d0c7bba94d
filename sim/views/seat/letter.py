"""A letter of request to look at, to print and to edit: HTML and DOCX."""

from __future__ import annotations

import io
from html import escape

from sim.training.letters import Letter
from sim.written import clean

STYLE = """
body{margin:2.2cm auto;max-width:17cm;padding:0 1rem;font:11.5pt/1.5 Georgia,'Times New Roman',serif;color:#111}
h1{font-size:1.25rem;text-align:center;margin:0 0 1.5em}
h2{font-size:1rem;margin:1.3em 0 .2em}
table{border-collapse:collapse;margin:0 0 1.5em}
th{text-align:start;font-weight:600;padding:.1em 1em .1em 0;vertical-align:top}
td{padding:.1em 0}
p{margin:.2em 0 .5em;overflow-wrap:anywhere}
.signature{margin-top:2.5em}
footer{margin-top:3em;border-top:1px solid #999;font-size:.8rem;color:#444}
@page{size:A4;margin:2cm}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}p{orphans:3;widows:3}}
"""


def letter_fragment(letter: Letter) -> str:
    """The letter as a piece of a page."""
    direction = "rtl" if letter.right_to_left else "ltr"
    return f"<div class='letter' lang='{letter.labels}' dir='{direction}'>{_body(letter, 'h3', 'h4')}</div>"


def letter_html(letter: Letter) -> str:
    """The letter as one file that opens offline and prints on A4."""
    direction = "rtl" if letter.right_to_left else "ltr"
    return (
        f"<!doctype html>\n<html lang='{letter.labels}' dir='{direction}'><head><meta charset='utf-8'>"
        f"<title>{_safe(letter.title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{_body(letter, 'h1', 'h2')}</main>"
        "<footer>Training material. States, people, numbers and addresses are invented.</footer></body></html>"
    )


def _body(letter: Letter, title: str, heading: str) -> str:
    head = "".join(
        f"<tr><th scope='row'>{_safe(label)}</th><td dir='auto'>{_safe(value)}</td></tr>"
        for label, value in letter.head
    )
    parts = []
    for place, section in enumerate(letter.sections, 1):
        paragraphs = "".join(f"<p dir='auto'>{_lines(text)}</p>" for text in section.paragraphs)
        parts.append(f"<{heading}>{place}. {_safe(section.heading)}</{heading}>{paragraphs}")
    signed = "<br>".join(_safe(line) for line in letter.signature)
    return (
        f"<{title}>{_safe(letter.title)}</{title}><table>{head}</table>{''.join(parts)}"
        f"<p class='signature' dir='auto'>{signed}</p>"
    )


def letter_docx(letter: Letter) -> bytes:
    """The letter as a document for word processors."""
    from docx import Document
    from docx.oxml.ns import qn

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = clean(letter.title), "mlasim", letter.labels
    properties.comments = "Training material; everything in it is invented."
    document.add_heading(clean(letter.title), level=0)
    table = document.add_table(rows=0, cols=2)
    for label, value in letter.head:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = clean(label), clean(value)
    for place, section in enumerate(letter.sections, 1):
        document.add_heading(f"{place}. {clean(section.heading)}", level=1)
        for text in section.paragraphs:
            document.add_paragraph(clean(text))
    document.add_paragraph("\n".join(clean(line) for line in letter.signature))
    if letter.right_to_left:
        for paragraph in document.paragraphs:
            properties_of = paragraph._p.get_or_add_pPr()
            properties_of.append(properties_of.makeelement(qn("w:bidi"), {}))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _safe(words: str) -> str:
    return escape(clean(words), quote=True)


def _lines(words: str) -> str:
    return "<br>".join(_safe(line) for line in clean(words).splitlines() or [""])
