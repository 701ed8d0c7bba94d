"""A letter of request to look at and to print: a piece of a page, and a file that opens offline."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sim.i18n import _, many
from sim.training.letters import Annex, Entry, Letter, Section, TickBox
from sim.written import clean

STYLE = """
.letter{font:11.5pt/1.5 Georgia,'Times New Roman',serif;color:#111}
.letter p{margin:.15em 0;max-width:none;overflow-wrap:anywhere}
.letter .title{font-size:1.25rem;text-align:center;margin:0 0 .6em}
.letter .mark{font:600 .85rem/1.4 system-ui,sans-serif;border:1px solid #b7791f;background:#fff8e6;color:#5f3b00;
padding:.35em .7em;margin:0 0 1em;max-width:none}
.letter .about{font:.85rem/1.45 system-ui,sans-serif;color:#444;max-width:none}
.letter table.head{border-collapse:collapse;margin:0 0 1em;font-size:1em}
.letter table.head th{text-align:start;font-weight:600;color:inherit;border:0;padding-block:.1em;
padding-inline:0 1em;vertical-align:top}
.letter table.head td{padding:.1em 0}
.letter .opening{border-inline-start:3px solid #888;padding-inline-start:.8em;margin:0 0 1em;max-width:none}
.letter section{border:1px solid #777;padding:.5em .9em .7em;margin:0 0 .8em}
.letter section.plain{border:0;padding:0;margin:0}
.letter .heading{font-size:1rem;font-weight:700;color:inherit;margin:0 0 .3em}
.letter section.plain .heading{margin:1.2em 0 .2em}
.letter .entry{margin:.35em 0}
.letter .words{font-style:italic}
.letter .asks{font:.88em/1.4 system-ui,sans-serif;color:#444}
.letter .blank{border-bottom:1px dotted #111;background:#fdf3f0;min-height:1.5em;color:#8a2c12;
font:.82em/1.5 system-ui,sans-serif}
.letter .open{color:#595959;font:.82em/1.5 system-ui,sans-serif}
.letter ul.boxes{list-style:none;margin:.2em 0;padding:0}
.letter ul.boxes.many{columns:2;column-gap:1.5em}
.letter ul.boxes li{padding-inline-start:1.6em;text-indent:-1.6em;break-inside:avoid;margin:.1em 0}
.letter ul.boxes li.ticked{font-weight:600}
.letter .box{display:inline-block;width:1.6em;text-indent:0;font-family:'Segoe UI Symbol','DejaVu Sans',sans-serif;
font-weight:400}
.letter .signature{margin-top:2em}
.letter .annex{border-top:2px solid #777;margin-top:2em;padding-top:.6em}
"""
PAGE = """
body{margin:2.2cm auto;max-width:17cm;padding:0 1rem;background:#fff}
footer{margin-top:3em;border-top:1px solid #999;font:.8rem/1.5 system-ui,sans-serif;color:#444}
@media print{
body{margin:0;padding:0;max-width:none}
.letter{font-size:10pt}
.letter .entry:not(.long),.letter section.whole,.letter .opening,.letter table.head,.letter li,
.letter .mark{break-inside:avoid}
.letter .heading,.letter .asks{break-after:avoid}
.letter section{box-decoration-break:clone;-webkit-box-decoration-break:clone}
.letter .annex{break-before:page;border:0;margin:0}
.letter p{orphans:3;widows:3}
.letter .mark,.letter .blank{-webkit-print-color-adjust:exact;print-color-adjust:exact}
footer{display:none}
}
"""
DEEPEST = 3
"""Boxes under boxes are moved in by so many steps at most."""
FEW = 4
"""A boxed section with no more fields than this stays on one page."""
MANY = 12
"""More boxes than this stand in two columns, where none is under another, and may go over to the next page."""


def letter_fragment(letter: Letter) -> str:
    """The letter as a piece of a page."""
    return f"<style>{STYLE}</style>{_document(letter, 3)}"


def letter_html(letter: Letter) -> str:
    """The letter as one file that opens offline and prints on A4, with page numbers."""
    direction = "rtl" if letter.right_to_left else "ltr"
    return (
        f"<!doctype html>\n<html lang='{letter.labels}' dir='{direction}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{_safe(letter.title)}</title><style>{STYLE}{PAGE}{_margins()}</style></head>"
        f"<body><main>{_document(letter, 1)}</main><footer dir='auto'>{_safe(training())}</footer></body></html>"
    )


def training() -> str:
    """That the letter is none: a line for every page of it."""
    return _("Training exercise. States, people, numbers, addresses and national law are invented.")


def about_form(letter: Letter) -> str:
    """What form it has, whether its wording was checked, and what is left to complete."""
    left = many("{n} field is to be completed by hand.", "{n} fields are to be completed by hand.", letter.blanks)
    lines = [
        f"{letter.form} ({letter.reading}).",
        left if letter.blanks else _("No field is left to be completed by hand."),
    ]
    if letter.where_applicable:
        one, other = "{n} more is for where it applies.", "{n} more are for where they apply."
        lines.append(many(one, other, letter.where_applicable))
    if letter.labels_missing:
        lines.append(_("There are no headings in the language asked for."))
    return " ".join(lines)


def _margins() -> str:
    """What stands in the margins of a printed page, as strings of a style sheet, which know no HTML."""
    words = " ".join(training().split()).replace("\\", "").replace('"', "'").replace("<", "")
    return (
        "@page{size:A4;margin:22mm 20mm 20mm;"
        f'@top-center{{content:"{words}";font:8pt system-ui,sans-serif;color:#5f3b00}}'
        '@bottom-center{content:counter(page) " / " counter(pages);font:8pt system-ui,sans-serif}}'
    )


def _document(letter: Letter, level: int) -> str:
    direction = "rtl" if letter.right_to_left else "ltr"
    head = "".join(
        f"<tr><th scope='row'>{_safe(label)}</th><td dir='auto'>{_safe(value)}</td></tr>"
        for label, value in letter.head
    )
    opening = f"<p class='opening' dir='auto'>{_safe(letter.opening)}</p>" if letter.opening else ""
    sections = "".join(_section(section, level + 1, boxed=not letter.signature) for section in letter.sections)
    signed = "<br>".join(_safe(line) for line in letter.signature)
    signature = f"<p class='signature' dir='auto'>{signed}</p>" if signed else ""
    annexes = "".join(_annex(annex, level + 1) for annex in letter.annexes)
    beside = _beside(letter, level + 1) if letter.beside else ""
    return (
        f"<div class='letter' lang='{letter.labels}' dir='{direction}'>"
        f"<p class='mark' dir='auto'>{_safe(training())}</p><h{level} class='title'>{_safe(letter.title)}</h{level}>"
        f"<p class='about' dir='auto'>{_safe(about_form(letter))}</p><table class='head'>{head}</table>"
        f"{opening}{sections}{signature}{annexes}{beside}</div>"
    )


def _section(section: Section, level: int, *, boxed: bool) -> str:
    heading = _safe(headed(section))
    entries = "".join(_entry(entry) for entry in section.entries)
    whole = len(section.entries) <= FEW and not any(len(entry.boxes) > MANY for entry in section.entries)
    kinds = [*([] if boxed else ["plain"]), *(["whole"] if whole and boxed else [])]
    kind = f" class='{' '.join(kinds)}'" if kinds else ""
    return f"<section{kind}><h{level} class='heading' dir='auto'>{heading}</h{level}>{entries}</section>"


def headed(section: Section) -> str:
    """A section's heading with its number."""
    if not section.number:
        return section.heading
    return f"{section.number}{'' if section.number.endswith(')') else '.'} {section.heading}"


def _entry(entry: Entry) -> str:
    asks = f"<p class='asks' dir='auto'>{_safe(entry.asks)}</p>" if entry.asks else ""
    said = "".join(f"<p dir='auto'>{_lines(line)}</p>" for line in entry.lines)
    left = ""
    if entry.state == "blank":
        left = f"<p class='blank' dir='auto'>{_safe(to_complete(entry))}</p>"
    elif entry.state == "open":
        left = f"<p class='open' dir='auto'>{_safe(to_complete(entry))}</p>"
    note = f"<p class='about' dir='auto'>{_safe(noted(entry))}</p>" if entry.note else ""
    kind = "entry words" if entry.state == "words" else "entry long" if len(entry.boxes) > MANY else "entry"
    return f"<div class='{kind}'>{asks}{said}{_boxes(entry.boxes)}{left}{note}</div>"


def noted(entry: Entry) -> str:
    """What we say to a field, told from the form's own words."""
    return _("Note, not of the form: {note}").format(note=entry.note)


def to_complete(entry: Entry) -> str:
    """What is said of a field in which nothing stands."""
    if entry.state == "open":
        return _("— (only where it applies)")
    return _("to be ticked by hand") if entry.boxes else _("to be completed by hand")


def _boxes(boxes: tuple[TickBox, ...]) -> str:
    if not boxes:
        return ""
    items = "".join(_box(box) for box in boxes)
    return f"<ul class='boxes{' many' if len(boxes) > MANY and not any(b.depth for b in boxes) else ''}'>{items}</ul>"


def _box(box: TickBox) -> str:
    sign, name, kind = ("☒", _("ticked"), " class='ticked'") if box.ticked else ("☐", _("not ticked"), "")
    inset = f" style='margin-inline-start:{min(box.depth, DEEPEST) * 1.6}em'" if box.depth else ""
    shown = f"<span class='box' role='img' aria-label='{_safe(name)}'>{sign}</span>"
    return f"<li{kind}{inset} dir='auto'>{shown}{_safe(box.words)}</li>"


def _annex(annex: Annex, level: int) -> str:
    return f"<div class='annex'>{''.join(_of_annex(annex, level))}</div>"


def _of_annex(annex: Annex, level: int) -> Iterator[str]:
    heading = _("Annex {number}: {title}").format(number=annex.number, title=annex.title)
    yield f"<h{level} class='heading' dir='auto'>{_safe(heading)}</h{level}>"
    for line in annex.lines:
        yield f"<p dir='auto'>{_lines(line)}</p>"
    if annex.note:
        yield f"<p class='about' dir='auto'>{_safe(annex.note)}</p>"


def _beside(letter: Letter, level: int) -> str:
    sections = "".join(_section(section, level + 1, boxed=False) for section in letter.beside)
    heading = f"<h{level} class='heading' dir='auto'>{_safe(for_the_file())}</h{level}>"
    return f"<div class='annex'>{heading}{sections}</div>"


def for_the_file() -> str:
    """What stands above what the form has no field for."""
    return _("For the file, not to be sent: what was drafted and the form has no field for")


def _safe(words: str) -> str:
    return escape(clean(words), quote=True)


def _lines(words: str) -> str:
    return "<br>".join(_safe(line) for line in clean(words).splitlines() or [""])
