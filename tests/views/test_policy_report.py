"""The report: STRESS-DES section by section, as one page and for a word processor, honest about what is missing."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

import pytest

import sim
from sim.errors import UsageError
from sim.model.loading import Question
from sim.model.measures import Key
from sim.model.policy import Policy
from sim.policy.answers.conclusions import Sensitivity
from sim.policy.answers.study import Study, run_study
from sim.policy.experiments.comparison import compare, compared
from sim.policy.experiments.experiment import Results
from sim.policy.experiments.provenance import inputs_of
from sim.policy.sensitivity.sensitivity import Swing, Tornado
from sim.record.statistics import Interval
from sim.views.documents import Document, Grid, Heading, Paragraph, as_docx, as_html, write_document
from sim.views.lab.report import Material, report, write_report
from tests.policy.policy_world import MORE_WORK, WIRE, quick_world, tried
from tests.views.conftest import HOSTILE
from tests.views.test_svg import parse

SECTIONS = (
    *("1.1 Purpose", "1.2 Model outputs", "1.3 Experimentation aims"),
    *("2.1 Base model overview", "2.2 Base model logic", "2.3 Scenario logic", "2.4 Algorithms", "2.5 Components"),
    *("3.1 Data sources", "3.2 Pre-processing", "3.3 Input parameters", "3.4 Assumptions"),
    *("4.1 Initialisation", "4.2 Run length", "4.3 Estimation approach"),
    *("5.1 Software", "5.2 Random sampling", "5.3 Model execution", "5.4 System"),
    "6.1 Sharing statement",
)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return tried(tmp_path_factory.mktemp("world"), WIRE, MORE_WORK, replications=4)


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return as_html(report(Material(compared(results)))).replace("<wbr>", "")


def test_it_follows_the_checklist_in_its_order(page: str) -> None:
    places = [page.find(f"<h3>{section}") for section in SECTIONS]
    assert -1 not in places, [s for s, p in zip(SECTIONS, places, strict=True) if p < 0]
    assert places == sorted(places)
    assert page.find("The answer</h2>") < places[0], "the answer comes first"


def test_it_says_what_repeats_it(page: str, results: Results) -> None:
    assert "mlasim compare " in page
    assert "small.yaml --lever wire --lever more-work --replications 4 --years 0.5 --seed 3<" in page
    assert results.sha256 in page and sim.__version__ in page
    for scenario in results.experiment.scenarios.values():
        assert scenario.hash in page
    assert "world/small/procedures/way/stages/road/takes" in page and "times 0.2" in page


def test_every_assumption_stands_in_it_with_its_reason(page: str, results: Results) -> None:
    found = inputs_of(results.experiment.world)
    assert len(found) > 10 and {one.mark for one in found} == {"assumption"}
    assert f"{len(found)} entries are assumptions" in page
    for one in found:
        assert one.place in page
    staff = next(one for one in found if one.place == "world/small/offices/nor-central")
    assert (staff.figure, staff.value) == ("staff", "1")


def test_inputs_of_the_library_have_values_marks_and_sources() -> None:
    found = inputs_of(sim.load("meridian"))
    assert {one.mark for one in found} == {"published", "primary source", "assumption"}
    assert all(one.source for one in found)
    assert any(one.place.endswith("offices/hel-central") and one.value == "26" for one in found)
    silent = [one for one in found if not one.value]
    assert all(one.place.startswith("jurisdiction/") for one in silent), "only an invented State as such has no figure"
    assert all(not one.value.startswith(one.figure + " ") for one in found), "a figure is not named twice"


def test_what_was_not_done_is_said(page: str) -> None:
    assert "No sensitivity analysis is part of this study" in page


def test_sensitivity_takes_its_place(results: Results) -> None:
    base, low, high = (Interval(mean, 0.2, 0.95, 4) for mean in (-3, -4, 1))
    swing = Swing("silence", "How often nobody answers", base, low, high)
    found = Sensitivity(
        *(Key("mean days"), "wire", (), Tornado(base, (swing,)), (), ("silence",), (), ()),
        replications=4,
        runs=12,
        seed=1,
        conclusion="less",
    )
    page = as_html(report(Material(compared(results), sensitivity=(found,))))
    assert str(found.sentences[0]) in unescape(page) and "No sensitivity analysis" not in page
    assert "How often nobody answers: low −4.0, high +1.0" in page


def test_the_page_asks_nobody_for_anything_and_its_pictures_are_well_formed(page: str) -> None:
    assert not re.search(r"(src|href)=['\"]?https?://", page) and "<script" not in page
    pictures = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert len(pictures) >= 8
    for picture in pictures:
        assert parse(picture)[0].text
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors and anchors <= set(re.findall(r"id='([^']+)'", page))


def test_a_word_processor_gets_the_same(results: Results, tmp_path: Path) -> None:
    from docx import Document as read

    path = write_document(report(Material(compared(results))), tmp_path / "study.docx")
    found = read(str(path))
    said = [paragraph.text for paragraph in found.paragraphs]
    for section in SECTIONS:
        assert any(words.startswith(section) for words in said), section
    assert len(found.inline_shapes) >= 6 and len(found.tables) >= 4
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
    assert body.count('descr="') >= len(found.inline_shapes), "pictures have a text of their own"


def test_hostile_texts_stay_texts() -> None:
    document = Document(HOSTILE, HOSTILE, foot=HOSTILE)
    document.add(Heading(HOSTILE, 1), Paragraph(HOSTILE), Grid((HOSTILE,), ((HOSTILE,),)))
    page = as_html(document)
    assert "<script>" not in page and "<img" not in page and "&lt;script&gt;" in page
    assert as_docx(document).startswith(b"PK")


def test_a_comparison_is_written_with_one_typical_request(tmp_path: Path) -> None:
    result = compare(quick_world(tmp_path), [WIRE], replications=2, years=0.3)
    page = write_report(result, tmp_path / "wire.html").read_text(encoding="utf-8")
    assert "One typical request, " in page and "Timeline of requests" in page


def test_other_names_are_refused_before_anything_is_run(results: Results, tmp_path: Path) -> None:
    for name in ("study.pdf", "study"):
        with pytest.raises(UsageError, match=r"\.html or \.docx"):
            write_document(report(Material(compared(results))), tmp_path / name)
    with pytest.raises(UsageError, match="cannot be written"):
        write_document(Document("t", "b"), tmp_path / "nowhere" / "study.html")


def test_a_policy_question_is_answered_in_its_own_words(tmp_path: Path) -> None:
    study = answered(tmp_path)
    page = unescape(write_report(study, tmp_path / "study.html").read_text(encoding="utf-8"))
    for words in (
        "Should letters travel by wire?",
        "Asked by: A ministry",
        "Two days would do.",
        "Not what wires cost.",
    ):
        assert words in page
    assert str(study.sentences[0]) in page and " — mean duration: better" in page
    assert "enough?" in page and "What the conclusion hangs on" in page
    assert str(study.sensitivity[0].sentences[0]) in page


def answered(folder: Path) -> Study:
    """A question about the quick world, answered with few runs."""
    policy = Policy.model_validate(
        {
            **{"kind": "policy", "id": "by-wire", "title": "By wire", "world": "small"},
            **{"question": "Should letters travel by wire?", "asked by": "A ministry", "enough": "Two days would do."},
            "alternatives": {"wire": {"title": "By wire", "levers": ["wire"]}},
            "kpis": [{"measure": "mean days", "better": "less", "enough": 2}],
            **{"replications": 3, "years": 0.3, "limits": ["Not what wires cost."]},
            "assumptions to vary": {"by": "world"},
        }
    )
    question = Question(policy, quick_world(folder), {"wire": WIRE})
    return run_study(question, sensitivity=2, looked_at=1)
