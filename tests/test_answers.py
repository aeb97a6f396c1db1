"""Answers given without being asked: as options, in a file, or on standard input."""

import io
import json
import sys
from pathlib import Path

import pytest

from headstart.commands.answers import read_all_answers
from headstart.errors import WrongInput

ANSWERS = {"kind": "shop", "admin": "yes", "i18n": "no"}
TOML = 'kind = "shop"\nadmin = true\ni18n = "no"\n'
JSON = '{"kind": "shop", "admin": true, "i18n": "no"}'


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    stream = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
    return stream


def read(text: str, stream: io.BytesIO) -> dict[str, str]:
    stream.write(text.encode())
    stream.seek(0)
    return read_all_answers((), Path("-"))


@pytest.mark.parametrize("text", [TOML, JSON, f"\ufeff{TOML}", f"\ufeff{JSON}"])
def test_a_dash_reads_json_or_toml_from_standard_input(
    text: str, standard_input: io.BytesIO
) -> None:
    assert read(text, standard_input) == ANSWERS


@pytest.mark.parametrize(
    "table",
    [
        {"answers": ANSWERS},
        {"project": "Shop", "framework": "flask", "answers": ANSWERS, "seconds": 3.5},
        {"headstart": "1.0", "project": {"name": "Shop", "answers": ANSWERS}},
    ],
)
def test_the_answers_of_a_project_or_of_what_was_printed_are_found(
    table: dict[str, object], tmp_path: Path, standard_input: io.BytesIO
) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps(table))
    assert read_all_answers((), record) == ANSWERS
    assert read(json.dumps(table), standard_input) == ANSWERS


def test_a_toml_file_may_have_a_table_of_answers(tmp_path: Path) -> None:
    (tmp_path / "all.toml").write_text(f"[answers]\n{TOML}")
    assert read_all_answers((), tmp_path / "all.toml") == ANSWERS


def test_an_option_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "all.toml").write_text(TOML)
    assert read_all_answers(("kind=api",), tmp_path / "all.toml") == {**ANSWERS, "kind": "api"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"kind": shop}', "Standard input is not valid JSON or TOML: Expecting value"),
        ("kind: shop", "Standard input is not valid JSON or TOML: Expected '='"),
        ("[1]", "Standard input is a list or a single value"),
        ('{"kind": 3}', "Standard input gives `kind` an answer that is not a word."),
        ('{"answers": "shop"}', "There is no question called `answers`."),
        ('kind = "shed"', "`shed` is not an answer to `kind`."),
    ],
)
def test_what_is_no_answer_on_standard_input_is_told(
    text: str, told: str, standard_input: io.BytesIO
) -> None:
    with pytest.raises(WrongInput) as refused:
        read(text, standard_input)
    assert refused.value.message.startswith(told)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.toml", b"kind = shop", "` is not valid TOML"),
        ("a.json", TOML.encode(), "` is not valid JSON"),
        ("a.json", b"[" * 100_000, "` is not valid JSON"),
        ("a.toml", b"\xff\xfe", "` is not a text in UTF-8."),
        ("a.toml", None, "` cannot be read: No such file or directory."),
        ("a\0b.toml", None, "` cannot be read: the name cannot be used."),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    name: str, content: bytes | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises(WrongInput) as refused:
        read_all_answers((), Path(name))
    assert told in refused.value.message
    assert "\n" not in refused.value.message


def test_answers_are_read_from_toml_and_json(tmp_path: Path) -> None:
    answers = {"kind": "shop", "admin": "yes", "i18n": "no"}
    toml, data = tmp_path / "answers.toml", tmp_path / "answers.JSON"
    toml.write_text('\ufeffkind = "shop"\nadmin = true\ni18n = "no"\n', encoding="utf-8")
    data.write_text(json.dumps({"kind": "shop", "admin": True, "i18n": False}), encoding="utf-8")
    assert read_all_answers((), toml) == answers
    assert read_all_answers((), data) == answers


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.toml", b"kind = shop", "is not valid TOML"),
        ("a.json", b"{", "is not valid JSON"),
        ("a.json", b"[" * 100_000, "is not valid JSON"),
        ("a.json", b"[]", "not keys and values"),
        ("a.json", b'{"kind": null}', "gives `kind` an answer"),
        ("a.toml", b"[kind]\nshop = true", "gives `kind` an answer"),
        ("a.toml", b"\xff\xfe", "is not a text in UTF-8"),
        ("a.toml", b'kind = "shed"', "`shed` is not an answer"),
        ("a.toml", None, "cannot be read: No such file"),
    ],
)
def test_an_answers_file_that_cannot_be_used_is_explained(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WrongInput) as caught:
        read_all_answers((), path)
    assert message in caught.value.message
    assert "\n" not in caught.value.message


def test_a_file_without_a_telling_name_may_be_json_or_toml(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    for text in (TOML, JSON):
        path.write_text(text)
        assert read_all_answers((), path) == ANSWERS


def test_a_key_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"kind": "shop", "kind": "api"}')
    with pytest.raises(WrongInput, match="the same key twice"):
        read_all_answers((), path)


def test_a_file_without_a_name_is_refused() -> None:
    with pytest.raises(WrongInput, match="needs the name of a file"):
        read_all_answers((), Path(""))
