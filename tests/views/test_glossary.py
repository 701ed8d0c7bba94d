"""Words of the field, explained where they stand: whole words, once, outside of tags, escaped, with their article."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from sim import law
from sim.model.glossary import Glossary
from sim.model.library import Library, shipped_folder
from sim.model.loading import Scenario, load
from sim.training.session import Session
from sim.views import glossary
from sim.views.glossary import list_of_terms, shipped_terms, terms_of, with_terms
from sim.views.seat import panels


def marked(html: str) -> list[str]:
    return re.findall(r"<span class='term'[^>]*>([^<]*)</span>", html)


def lines(html: str) -> list[str]:
    return [unescape(one) for one in re.findall(r"aria-description='([^']*)'", html)]


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("An EIO and another EIO", ["EIO"]),
        ("Two EIOs", ["EIOs"]),
        ("the European Investigation Order, an EIO", ["European Investigation Order"]),
        ("Dual criminality; dual criminality", ["Dual criminality"]),
        ("dual\n  criminality", ["dual\n  criminality"]),
        ("Central authorities and the central authority", ["Central authorities"]),
        ("EIOX, xEIO, non-EIO, eio, Europolice", []),
        ("<b title='EIO' data-x=\"INTERPOL\">JIT</b>", ["JIT"]),
        ("<a href='#'>EIO</a> <button>JIT</button> <summary>NCB <b>x</b></summary> <svg><text>SIENA</text></svg>", []),
        ("&EIO; &amp; EIO", ["EIO"]),
        ("INTERPOL&#x27;s NCB", ["INTERPOL", "NCB"]),
        ("", []),
    ],
)
def test_words_are_found_once_whole_and_outside_of_tags(html: str, wanted: list[str]) -> None:
    found = with_terms(html)
    assert marked(found) == wanted
    assert re.sub(r"<span class='term'[^>]*>([^<]*)</span>", r"\1", found) == html, "nothing else is changed"


def test_a_word_can_be_reached_with_the_keyboard_and_says_what_it_means() -> None:
    (span,) = re.findall(r"<span class='term'[^>]*>", with_terms("dual criminality"))
    assert "tabindex='0'" in span
    assert (
        lines(span)[0].startswith("dual criminality: The conduct is an offence")
        and "UNTOC art. 18(9)" in lines(span)[0]
    )
    style = panels.style()
    assert ".term:is(:hover,:focus)::after{content:attr(aria-description)" in style


def test_what_was_not_read_against_a_text_says_so() -> None:
    scenario = load("silent-harbour")
    for one in terms_of(scenario).explained:
        cited = [ref for ref in one.term.cites if " " in ref]
        read = all(
            scenario.instrument(ref.split(" ", 1)[0]).sureness_of(provision) == "read against the text"
            for ref in cited
            for provision in law.provisions(scenario, ref)
        )
        unsure = "unchecked" in one.line
        assert unsure == (not read if one.term.cites else one.term.sureness == "from memory, unchecked"), one.line


def test_marking_is_cheap_the_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "INTERPOL and the NCB, for the second time " * 3
    first = with_terms(text)
    monkeypatch.setattr(glossary.Terms, "named", None)
    assert with_terms(text) == first


def test_a_term_that_means_harm_stays_a_text(tmp_path: Path) -> None:
    folder = tmp_path / "library" / "glossaries"
    folder.mkdir(parents=True)
    words = "\n".join(
        [
            "format: 1",
            "kind: glossary",
            "id: mine",
            "title: Mine",
            "reviewed: 2026-11-29",
            "terms:",
            "  - {term: R&D <b>, says: \"' onfocus='alert(1)' <script>\", source: nowhere}",
        ]
    )
    (folder / "mine.yaml").write_text(words, encoding="utf-8")
    library = Library((tmp_path, shipped_folder()))
    record = library.get("glossary", "mine")
    assert isinstance(record, Glossary) and not library.problems
    found = glossary.Terms([glossary.Explained(term, "en", lambda id_: None) for term in record.terms])
    html = glossary._marked("the R&amp;D &lt;b&gt; here", found, "en")
    assert "<script>" not in html and "' onfocus" not in html


# The seat


def test_the_seat_explains_words_in_story_question_inbox_and_law(case: Scenario) -> None:
    session = Session(case, seed=7)
    seen = {"story": marked(panels.introduction(session))}
    for _step in range(14):
        if session.ended:
            break
        if session.question is not None:
            seen.setdefault("question", []).extend(marked(panels.question(session, session.question)))
            seen.setdefault("law", []).extend(marked(panels.cited(session, session.question)))
            session.choose(next(iter(session.question.options)), stay=True)
        else:
            session.wait()
    seen["inbox"] = marked(panels.inbox(session.inbox, session))
    assert seen["question"] and seen["law"] and seen["inbox"], seen
    listed = list_of_terms(session.scenario)
    assert listed in panels.introduction(session) and listed.startswith("<details")
    assert listed.count("<dt>") == len(shipped_terms().explained) >= 40
