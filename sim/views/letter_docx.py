"""A letter of request for word processors: headings, tables, boxes that can be ticked, page numbers."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from sim.i18n import _
from sim.training.letters import Annex, Entry, Letter, Section, TickBox
from sim.views.letter import DEEPEST, about_form, for_the_file, headed, noted, to_complete, training
from sim.written import clean

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
_AFTER_DIRECTION = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
"""What may stand behind a paragraph's direction: word processors insist on the order."""
LONGEST_PROPERTY = 255
"""Characters that a document's property may have."""


def letter_docx(letter: Letter) -> bytes:
    """The letter as a document for word processors."""
    from docx import Document as new
    from docx.shared import Mm, Pt

    document = new()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    document.styles["Normal"].font.size = Pt(10.5)
    properties = document.core_properties
    properties.title, properties.author = clean(letter.title)[:LONGEST_PROPERTY], "mlasim"
    properties.language, properties.comments = letter.labels, training()[:LONGEST_PROPERTY]
    _every_page(document)
    document.add_heading(clean(letter.title), level=0)
    document.add_paragraph(clean(about_form(letter)), style="Caption")
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in letter.head:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = clean(label), clean(value)
        cells[0].paragraphs[0].runs[0].bold = True
    if letter.opening:
        document.add_paragraph(clean(letter.opening), style="Intense Quote")
    for section in letter.sections:
        _section(document, section)
    if letter.signature:
        document.add_paragraph("\n".join(clean(line) for line in letter.signature))
    for annex in letter.annexes:
        _annex(document, annex)
    if letter.beside:
        _on_a_new_page(document, for_the_file())
    for section in letter.beside:
        _section(document, section, level=2)
    if letter.right_to_left:
        _from_right_to_left(document)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _every_page(document: Document) -> None:
    """That it is an exercise, above; the page's number, below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    page = document.sections[0]
    above, below = page.header.paragraphs[0], page.footer.paragraphs[0]
    above.text = training()
    for paragraph in (above, below):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(below, "PAGE")
    below.add_run(" / ")
    _field(below, "NUMPAGES")


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that the word processor works out, such as the page's number."""
    from docx.oxml import OxmlElement, parse_xml

    run = paragraph.add_run()
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            run._r.append(parse_xml(f'<w:instrText xmlns:w="{_WORD}" xml:space="preserve"> {name} </w:instrText>'))
        mark = OxmlElement("w:fldChar")
        mark.set(f"{{{_WORD}}}fldCharType", kind)
        run._r.append(mark)


def _section(document: Document, section: Section, level: int = 1) -> None:
    document.add_heading(clean(headed(section)), level=level)
    for entry in section.entries:
        _entry(document, entry)


def _entry(document: Document, entry: Entry) -> None:
    from docx.shared import RGBColor

    if entry.asks:
        asks = document.add_paragraph(clean(entry.asks))
        asks.runs[0].bold = True
        asks.paragraph_format.keep_with_next = True
    for line in entry.lines:
        document.add_paragraph(clean(line)).runs[0].italic = entry.state == "words"
    for box in entry.boxes:
        _box(document, box)
    if entry.note:
        document.add_paragraph(clean(noted(entry)), style="Caption")
    if entry.state in ("blank", "open"):
        left = document.add_paragraph(clean(to_complete(entry)))
        if entry.state == "blank":
            left.add_run(f" {'.' * 60}")
            left.runs[0].font.color.rgb = RGBColor(0x8A, 0x2C, 0x12)


def _box(document: Document, box: TickBox) -> None:
    """A box that is ticked with a click, and what stands beside it."""
    from docx.oxml import parse_xml
    from docx.shared import Cm

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.6 + 0.6 * min(box.depth, DEEPEST))
    paragraph.paragraph_format.first_line_indent = Cm(-0.6)
    sign = "☒" if box.ticked else "☐"
    paragraph._p.append(
        parse_xml(
            f'<w:sdt xmlns:w="{_WORD}" xmlns:w14="{_WORD_2010}"><w:sdtPr>'
            f"<w:alias w:val={quoteattr(clean(box.words)[:60])}/>"
            f'<w14:checkbox><w14:checked w14:val="{int(box.ticked)}"/>'
            '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r>'
            '<w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic"/></w:rPr>'
            f"<w:t>{sign}</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )
    paragraph.add_run(f" {clean(box.words)}").bold = box.ticked


def _annex(document: Document, annex: Annex) -> None:
    _on_a_new_page(document, _("Annex {number}: {title}").format(number=annex.number, title=annex.title))
    for line in annex.lines:
        document.add_paragraph(clean(line))
    if annex.note:
        document.add_paragraph(clean(annex.note), style="Caption")


def _on_a_new_page(document: Document, heading: str) -> None:
    document.add_heading(clean(heading), level=1).paragraph_format.page_break_before = True


def _from_right_to_left(document: Document) -> None:
    from docx.enum.table import WD_TABLE_DIRECTION
    from docx.oxml import OxmlElement

    for paragraph in document.paragraphs:
        paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *_AFTER_DIRECTION)
    for table in document.tables:
        table.table_direction = WD_TABLE_DIRECTION.RTL
