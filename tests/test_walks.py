"""The way of a choice through the house stays short; ``python -m tests.walks`` prints all ways."""

from __future__ import annotations

from tests import walks


def test_how_often_a_way_comes_back_to_a_room() -> None:
    assert walks.returns(("views/app.py", "views/why.py", "training/session.py")) == 0
    assert walks.returns(("views/app.py", "engine/a.py", "views/b.py", "engine/c.py", "views/d.py")) == 2
    assert walks.room("errors.py") == "errors"


def test_an_option_clicked_is_carried_out_within_few_files() -> None:
    walk = walks.click()
    assert walk.chains, "it is carried out, and told"
    assert {"views", "training"} < walk.rooms, "from the seat, by the session, to the case"
    assert len(walk.files) <= walks.MOST_FILES and walk.returns <= walks.MOST_RETURNS
