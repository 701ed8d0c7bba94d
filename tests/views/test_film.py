"""The film of a play beside the book's: two plays with the same luck, day by day."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest

from sim.model.durations import DAY
from sim.model.loading import Scenario
from sim.training.debrief import debrief
from sim.training.decision_log import Steps, take
from sim.training.players import Textbook, finish
from sim.training.session import Session
from sim.training.whereabouts import whereabouts
from sim.views.seat import film_view
from sim.views.seat.clocks import clocks_of
from sim.views.seat.debrief_page import debrief_html
from sim.views.seat.film_panels import SeatFilm, film_of, scenes
from sim.views.seat.film_view import FilmView


@pytest.fixture(scope="module")
def shown(played: Session) -> SeatFilm:
    found = film_of(played)
    assert found is not None
    return found


def test_both_plays_are_whole_and_have_the_same_days(played: Session, shown: SeatFilm, case: Scenario) -> None:
    assert [scene.day for scene in shown.mine] == [scene.day for scene in shown.book]
    taken = {t.decision: t.option for scene in shown.mine for t in scene.taken}
    assert taken == played.choices
    assert [m.text for scene in shown.mine for m in scene.came] == [m.text for m in played.inbox]
    book = finish(Session(case, seed=7), Textbook())
    assert {t.decision: t.option for scene in shown.book for t in scene.taken} == book.choices
    assert [m.text for scene in shown.book for m in scene.came] == [m.text for m in book.inbox]
    endings = (played.ending[1].title, book.ending[1].title)  # type: ignore[index]
    assert shown.endings == endings and shown.mine[-1].over and shown.book[-1].over


def test_they_part_where_the_first_step_differs(shown: SeatFilm) -> None:
    assert shown.parts is not None
    for mine, book in zip(shown.mine[: shown.parts], shown.book[: shown.parts], strict=True):
        assert mine.taken == book.taken and [m.text for m in mine.came] == [m.text for m in book.came]
    assert shown.mine[shown.parts].taken != shown.book[shown.parts].taken


def test_a_day_shows_what_a_trainee_saw_when_it_ended(played: Session, shown: SeatFilm, case: Scenario) -> None:
    place = len(shown.mine) // 2
    scene, going = shown.mine[place], Session(case, seed=7)
    while going.question is not None or going.run.now < going.run.start + scene.day * DAY - 1:
        if going.question is not None:
            going.choose(played.choices[going.question.id], stay=True)
        else:
            going.pass_until(round(going.run.start + scene.day * DAY) - 1)
    assert [c.words for c in scene.seen.clocks] == [c.words for c in clocks_of(going)]
    legs = [(one.leg, one.share) for one in whereabouts(going)]
    assert [(mover.leg, mover.share) for mover in scene.seen.chart.movers] == legs and legs


def test_the_play_that_is_shown_stays_as_it_is(played: Session, shown: SeatFilm) -> None:
    before = played.sha256, len(played.entries), played.run.now
    assert film_of(played) is not None and (played.sha256, len(played.entries), played.run.now) == before
    going = Session(played.scenario, seed=7)
    assert film_of(going) is None, "a play that goes on has no film: it would show what comes"


def test_who_plays_by_the_book_never_parts_and_an_act_unasked_does(case: Scenario) -> None:
    book = finish(Session(case, seed=7), Textbook())
    found = film_of(book)
    assert found is not None and found.parts is None
    again = Session(case, seed=7)
    state = next(id_ for id_ in case.jurisdictions if id_ != again.run.home)
    from sim.model.action import Action
    from sim.model.actions import Consult

    again.act(Action(content=Consult(to=state)))
    found = film_of(take(case, Steps(book.choices, {}, Steps.of(again).acts), seed=7))
    assert found is not None and found.parts == 0
    assert found.mine[0].taken[0].title == "" and "Contact" in str(found.mine[0].taken[0].words)


def test_a_film_is_made_when_its_fold_is_opened_and_moves(played: Session, shown: SeatFilm) -> None:
    made: list[Session] = []

    def make(session: Session) -> SeatFilm:
        made.append(session)
        return shown

    view = FilmView(make)
    view.of(played)
    assert not made and not view.scene.value
    view.view.selected_index = 0
    assert made == [played] and view.place == 0 and view.slide.max == len(shown.mine)
    view.on.click()
    view.on.click()
    assert view.place == 2 and view.slide.value == 3 and f"Day {shown.mine[2].day}:" in view.scene.value
    view.back.click()
    assert view.place == 1
    view.slide.value = len(shown.mine)
    assert view.place == len(shown.mine) - 1 and shown.endings[0] in view.scene.value
    assert shown.endings[1] in view.scene.value
    view.on.click()
    assert view.place == len(shown.mine) - 1, "after the last day there is none"
    view.part.click()
    assert view.place == shown.parts and "Here the two part." in view.scene.value
    view.view.selected_index = None
    view.view.selected_index = 0
    assert len(made) == 1, "it is made once"
    view.forget()
    assert view.film is None and not view.scene.value


def test_it_plays_by_itself_until_it_is_stopped(
    played: Session, shown: SeatFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_view, "PACE", 0.001)

    async def watch() -> tuple[int, int]:
        view = FilmView(lambda session: shown)
        view.of(played)
        view.view.selected_index = 0
        view.play.click()
        assert view.play.description == "Stop"
        while view.place < 3:
            await asyncio.sleep(0.001)
        view.play.click()
        stood = view.place
        await asyncio.sleep(0.02)
        assert view.place == stood and view.play.description == "Play"
        view.play.click()
        while view.place < len(shown.mine) - 1:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        assert view.play.description == "Play", "at the end it stands still"
        return stood, view.place

    with ThreadPoolExecutor(1) as own:  # the browser tests may keep a loop running in this thread
        stood, last = own.submit(asyncio.run, watch()).result()
    assert 3 <= stood < last


def test_marks_come_from_where_they_stood_on_the_day_before(shown: SeatFilm) -> None:
    def moving(place: int) -> bool:
        return "class='goes'" in scenes(shown, place, "en", place - 1)

    assert any(moving(place) for place in range(1, len(shown.mine)))
    assert "class='goes'" not in scenes(shown, len(shown.mine) // 2, "en")


def test_the_page_shows_both_beside_each_other_and_runs_nothing(played: Session, shown: SeatFilm) -> None:
    page = debrief_html(debrief(played, replays=0), starts=played.run.starts, film=shown)
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            assert not any(name.startswith("on") for name, _ in attrs)

    Tags().feed(page)
    assert "script" not in tags and "id='film'" in page
    beside = page.split("id='film'")[1].split("</details>")[0]
    for play in (shown.mine, shown.book):
        for scene in play:
            for taken in scene.taken:
                assert taken.decision in played.case.decisions
                title = played.case.decisions[taken.decision].title
                assert title in beside or title.replace("'", "&#x27;") in beside
    assert beside.count("aria-label='Timeline of requests'") == 4, "of each play, wide and narrow"
    assert beside.count(">here they part<") == 3, "on the line, wide and narrow, and in the table"
    assert "id='film'" not in debrief_html(debrief(played, replays=0), starts=played.run.starts)
