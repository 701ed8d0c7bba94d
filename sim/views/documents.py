"""A document in pieces (headings, paragraphs, tables, figures) that can be written as HTML and as DOCX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sim.disk import write_whole
from sim.errors import UsageError
from sim.i18n import say
from sim.views.pages import page
from sim.views.seat import panels
from sim.written import clean

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 begins a part."""

    words: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``kind`` is ``plain``, ``answer`` (what a reader looks for first) or ``quiet``."""

    words: str
    kind: str = "plain"


@dataclass(frozen=True)
class Items:
    """A list of points."""

    points: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """A command or a hash, to be copied."""

    words: str


@dataclass(frozen=True)
class Grid:
    """A table. ``numbers`` are the columns that hold figures, from 0."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A figure: as SVG for the screen, and as PNG for DOCX, made when it is needed."""

    caption: str
    svg: str
    png: Callable[[], bytes] | None = None
    described: str = ""
    """What it shows, in words; also said where a picture cannot be."""


Block = Heading | Paragraph | Items | Code | Grid | Picture


@dataclass
class Document:
    """A title, a line below it, and blocks."""

    title: str
    below: str
    blocks: list[Block] = field(default_factory=list)
    foot: str = ""

    def add(self, *blocks: Block) -> None:
        """Put blocks at the end."""
        self.blocks.extend(blocks)


def write_document(document: Document, path: str | Path) -> Path:
    """Write a document; the ending decides: ``.html`` or ``.docx``. Raises `UsageError` for another one."""
    file = Path(path)
    check_name(file)
    content = as_docx(document) if file.suffix.lower() == ".docx" else as_html(document).encode()
    try:
        write_whole(file, content)
    except OSError as error:
        raise UsageError(
            say("{path}: cannot be written: {reason}", path=file, reason=error.strerror or error)
        ) from None
    return file


def check_name(path: str | Path) -> None:
    """Raise `UsageError` for a name that says no format, before anything costs time."""
    if Path(path).suffix.lower() not in (".html", ".htm", ".docx"):
        raise UsageError(say("{name}: a report ends in .html or .docx", name=Path(path).name))


def as_html(document: Document) -> str:
    """The document as one page that asks nobody for anything."""
    from markupsafe import Markup

    body = "".join(html_of(block) for block in document.blocks)
    contents = [
        (f"part-{place}", block.words)
        for place, block in enumerate(b for b in document.blocks if isinstance(b, Heading) and b.level == 1)
    ]
    return page(
        "policy_report",
        document=document,
        body=Markup(_numbered(body)),
        contents=contents,
        style=Markup(panels.style()),
    )


def _numbered(body: str) -> str:
    """The body with anchors at its parts, in order."""
    pieces = body.split("<h2>")
    return pieces[0] + "".join(f"<h2 id='part-{place}'>{piece}" for place, piece in enumerate(pieces[1:]))


def html_of(block: Block) -> str:
    """One block as HTML, everything escaped."""
    if isinstance(block, Heading):
        return f"<h{block.level + 1}>{escape(block.words)}</h{block.level + 1}>"
    if isinstance(block, Paragraph):
        kind = {"plain": "", "answer": " class='answer'", "quiet": " class='quiet'"}[block.kind]
        return f"<p{kind}>{escape(block.words)}</p>"
    if isinstance(block, Items):
        return f"<ul>{''.join(f'<li>{escape(point)}</li>' for point in block.points)}</ul>"
    if isinstance(block, Code):
        return f"<pre dir='ltr' tabindex='0'><code>{escape(block.words)}</code></pre>"
    if isinstance(block, Picture):
        return f"<figure>{block.svg}<figcaption>{escape(block.caption)}</figcaption></figure>"
    head = "".join(_cell("th scope='col'", place, words, block) for place, words in enumerate(block.head))
    rows = "".join(
        f"<tr>{''.join(_cell('td', place, words, block) for place, words in enumerate(row))}</tr>" for row in block.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(tag: str, place: int, words: str, grid: Grid) -> str:
    number = " class='number'" if place in grid.numbers else ""
    # A place in the data may go on the next line after a slash, not within a word.
    return f"<{tag}{number}>{escape(words).replace('/', '/<wbr>')}</{tag.split()[0]}>"


def as_docx(document: Document) -> bytes:
    """The document for a word processor."""
    from docx import Document as new
    from docx.shared import Mm, Pt

    file = new()
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    file.core_properties.title = clean(document.title)[:255]
    file.core_properties.author = "mlasim"
    file.styles["Normal"].font.size = Pt(10.5)
    file.add_heading(clean(document.title), 0)
    file.add_paragraph(clean(document.below))
    for block in document.blocks:
        _docx(file, block)
    if document.foot:
        file.add_paragraph(clean(document.foot))
    content = BytesIO()
    file.save(content)
    return content.getvalue()


def _docx(file: DocxDocument, block: Block) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    if isinstance(block, Heading):
        file.add_heading(clean(block.words), block.level)
    elif isinstance(block, Paragraph):
        file.add_paragraph(clean(block.words)).runs[0].bold = block.kind == "answer"
    elif isinstance(block, Items):
        for point in block.points:
            file.add_paragraph(clean(point), style="List Bullet")
    elif isinstance(block, Code):
        run = file.add_paragraph().add_run(clean(block.words))
        run.font.name, run.font.size = "Courier New", Pt(9)
    elif isinstance(block, Picture):
        if block.png is not None:
            shown = file.add_picture(BytesIO(block.png()), width=Cm(15.5))
            shown._inline.docPr.set("descr", clean(block.described or block.caption))
        file.add_paragraph(clean(block.caption), style="Caption")
        if block.png is None:
            file.add_paragraph(clean(block.described))
    else:
        table = file.add_table(rows=1, cols=len(block.head), style="Light Grid Accent 1")
        for cell, words in zip(table.rows[0].cells, block.head, strict=True):
            cell.text = clean(words)
        head = table.rows[0]._tr.get_or_add_trPr()
        head.append(head.makeelement(qn("w:tblHeader"), {}))  # said again on every page
        for row in block.rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = clean(words)
        file.add_paragraph()
