"""What became of evidence and of people, as tables of the debrief. Everything that goes in is escaped."""

from __future__ import annotations

from html import escape

from sim.i18n import _
from sim.model.natures import NATURES, Nature
from sim.training.debrief_records import Debrief, EvidenceLine
from sim.views.seat.panels import AVAILABLE, feeling, heads, how_it_stands, remark, worth


def evidence_and_people(debrief: Debrief) -> str:
    """What became of both, where the case has any."""
    found, title = evidence(debrief) + people(debrief), _("Evidence and people")
    return f"<h2>{escape(title)}</h2>{found}" if found else ""


def evidence(debrief: Debrief) -> str:
    """People who were to be reached, and evidence with what it is worth: what became of it, and when."""
    rows, sought = "", ""
    for item in debrief.evidence:
        nature = NATURES[item["nature"]]
        told = remark(debrief.language, item["in court"])
        what = f"<td>{escape(item['title'])}{told}</td><td>{escape(how_it_stands(item['state'], nature))}</td>"
        when = f"<td>{escape(_when(item, nature))}</td>"
        if nature.of_people:
            sought += f"<tr>{what}{when}</tr>"
        else:
            rows += f"<tr>{what}<td class='whole'>{worth(item['weight'])}</td>{when}</tr>"
    people_first = heads(_("People to be reached"), _("How it stands"), _("When"))
    head = heads(_("Evidence"), _("How it stands"), _("Worth in court"), _("When"))
    return "".join(f"<table>{top}{body}</table>" for top, body in ((people_first, sought), (head, rows)) if body)


def _when(item: EvidenceLine, nature: Nature) -> str:
    if item["obtained day"] is not None:
        return _(nature.came_on).format(day=int(item["obtained day"]) + 1)
    return "" if item["lost day"] is None else _(nature.lost_on).format(day=int(item["lost day"]) + 1)


def people(debrief: Debrief) -> str:
    """People: whether they still take part, and how they are."""
    rows = "".join(
        f"<tr><td>{escape(person['title'])}</td><td>{escape(_(AVAILABLE.get(person['state'], person['state'])))}</td>"
        f"<td>{feeling(person['wellbeing'])}</td></tr>"
        for person in debrief.people
    )
    head = heads(_("People"), _("Takes part"), _("Seems"))
    return f"<table>{head}{rows}</table>" if rows else ""
