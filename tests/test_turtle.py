"""Reading Turtle: what is said, and errors that name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import BadTurtle, InputError
from kg.read.files import turtle_files
from kg.read.names import BL, ID
from kg.read.turtle import read_file

HEAD = f"@prefix bl: <{BL}> .\n@prefix id: <{ID}> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "some.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_annotated_link_stands_for_its_triple(tmp_path: Path) -> None:
    link = "[] a owl:Axiom ; owl:annotatedSource id:a ; owl:annotatedProperty bl:partOf ; owl:annotatedTarget id:b ."
    assert (ID + "a", BL + "partOf", ID + "b") in read_file(written(tmp_path, HEAD + link)).triples


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id:a bl:partOf id:b\nid:c bl:partOf id:d .\n", 5),
        ('id:a bl:note "never closed .\n', 4),
        ("id:a nowhere:partOf id:b .\n", 4),
        ("\n\nid:a bl:partOf .\n", 6),
    ],
)
def test_a_syntax_error_names_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    path = written(tmp_path, HEAD + text)
    with pytest.raises(BadTurtle) as caught:
        read_file(path)
    assert caught.value.line == line
    assert str(path) in str(caught.value)


def test_text_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes(HEAD.encode() + b'id:a bl:note "caf\xe9" .\n')
    with pytest.raises(BadTurtle, match=r"latin\.ttl:4.*UTF-8"):
        read_file(path)


def test_blank_nodes_of_two_files_stay_apart_unless_they_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = read_file(written(tmp_path / "a", HEAD + "_:x bl:partOf id:b ."))
    two = read_file(written(tmp_path / "b", HEAD + "_:x bl:partOf id:c ."))
    assert one.triples[0][0] != two.triples[0][0]
    same = read_file(written(tmp_path / "b", HEAD + "_:other bl:partOf id:b ."))
    assert one.triples == same.triples


def test_a_folder_without_turtle_is_an_error_not_an_empty_answer(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no \.ttl"):
        turtle_files(tmp_path)
