"""The catalogue of the interface's words: complete, and translatable."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from sim import i18n
from sim.errors import UsageError
from tests.catalogue import ENGLISH, TEMPLATE, extracted


def test_the_template_holds_every_word_of_the_code_and_no_other() -> None:
    with TEMPLATE.open("rb") as file:
        known = {message.id for message in read_po(file) if message.id}
    assert known == extracted(), "renew it: python -m tests.catalogue"
    assert len(known) > 400


def test_the_english_catalogue_has_the_words_of_the_template() -> None:
    with TEMPLATE.open("rb") as file:
        wanted = {message.id for message in read_po(file)}
    with ENGLISH.open("rb") as file:
        assert {message.id for message in read_po(file)} == wanted


def test_a_translation_is_used_and_plurals_are_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from babel.messages.catalog import Catalog

    catalog = Catalog(locale="pl")
    catalog.add("Take back", "Cofnij")
    catalog.add(("{n} day", "{n} days"), ("{n} dzień", "{n} dni", "{n} dni"))
    folder = tmp_path / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    stream = io.BytesIO()
    write_po(stream, catalog)
    (folder / "mlasim.po").write_bytes(stream.getvalue())
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    i18n.use("pl")
    try:
        assert i18n._("Take back") == "Cofnij" and i18n._("Start again") == "Start again"
        assert [i18n.many("{n} day", "{n} days", n) for n in (1, 5)] == ["1 dzień", "5 dni"]
    finally:
        i18n.use("en")


def test_an_unknown_language_says_which_there_are() -> None:
    with pytest.raises(UsageError, match="there are en"):
        i18n.use("tlh")
    with pytest.raises(UsageError):
        i18n.use("../../etc")


def test_invented_languages_keep_what_stands_in_braces() -> None:
    i18n.use(i18n.LONGER)
    try:
        assert "{day}" in i18n._("Day {day}") and len(i18n._("Day {day}")) > len("Day {day}")
        assert i18n.many("{n} day", "{n} days", 3).startswith("[3 ")
    finally:
        i18n.use("en")


def test_a_sentence_is_put_into_words_where_it_is_read() -> None:
    inner = i18n.say("Day {day}", day=3)
    sentence = i18n.say("{what}: {who}", what=inner, who=i18n.joined(["Lys", "Norvale"], " and "))
    assert str(sentence) == "Day 3: Lys and Norvale" and f"{sentence:>25}".endswith("Norvale")
    i18n.use(i18n.LONGER)
    try:
        assert str(inner) == str(i18n._("Day {day}")).replace("{day}", "3") and "Däÿ 3" in str(sentence)
    finally:
        i18n.use("en")
    assert [str(i18n.say_many("{n} day", "{n} days", n)) for n in (1, 2)] == ["1 day", "2 days"]


def test_a_sentence_can_be_stored_compared_and_sent_to_another_process() -> None:
    import copy
    import pickle

    sentence = i18n.say("Day {day}", day=i18n.joined(["1", "2"]))
    assert pickle.loads(pickle.dumps(sentence)) == sentence == copy.deepcopy(sentence)
    assert sentence != i18n.say("Day {day}", day=2) and len({sentence, copy.copy(sentence)}) == 1
    assert [part.key for part in sentence.walk()] == ["Day {day}", ", "]
