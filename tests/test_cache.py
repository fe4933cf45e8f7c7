"""The compiled graph on disk: made once, and noticed when stale, damaged, foreign or in nobody's reach."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import KgRun, command, surroundings

import kg
from kg.errors import Failure
from kg.read import build as build_module
from kg.read import cache, files
from kg.read.sparql import run_query

LABEL = "L5 nerve root"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def garbage(path: Path) -> None:
    """Overwrite a file with other bytes of the same length."""
    path.write_bytes(b"\xa5" * path.stat().st_size)


def shortened(path: Path) -> None:
    """Cut a file off in the middle."""
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    """Leave nothing of a file but its name."""
    os.truncate(path, 0)


def gone(path: Path) -> None:
    """Delete a file."""
    path.unlink()


Harm = Callable[[Path], None]
HARMS: tuple[Harm, ...] = (garbage, shortened, emptied, gone)


class Built:
    """A cache folder whose making is a quick copy, and how often it was made."""

    def __init__(self, home: Path, good: Path) -> None:
        self.home, self.good, self.times = home, good, 0

    def __call__(self, folder: Path) -> None:
        self.times += 1
        shutil.copytree(self.good, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(cache.MANIFEST))


@pytest.fixture(scope="session")
def good(graph: kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole cache, set aside."""
    aside = tmp_path_factory.mktemp("good") / "cache"
    shutil.copytree(cache.folder(), aside)
    return aside


@pytest.fixture
def built(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    """An empty cache home with quick making and an unchanging fingerprint."""
    home = tmp_path / "home"
    quick = Built(home, good)
    monkeypatch.setenv("KG_CACHE", str(home))
    monkeypatch.setattr(cache, "fingerprint", lambda: "print")
    monkeypatch.setattr(build_module, "build", quick)
    return quick


def labelled() -> str:
    """The label of L5 as a graph that was just loaded gives it."""
    return str(kg.load().show("id:l5-nerve-root")["label"])


def count(form: str = "csv") -> int:
    """Number of triples that SPARQL sees."""
    return int(run_query(COUNT, form).split()[-1])


# Made once


def test_a_second_load_makes_nothing(built: Built) -> None:
    assert (labelled(), labelled()) == (LABEL, LABEL)
    assert built.times == 1


def test_a_second_run_makes_nothing(kg_run: KgRun, tmp_path: Path) -> None:
    home = tmp_path / "odd name? 50% #1 &é"
    env = {"KG_CACHE": str(home)}
    first = kg_run("show", LABEL, env=env)
    before = {p: p.stat().st_mtime_ns for p in home.rglob("*")}
    second = kg_run("show", LABEL, env=env)
    assert (first.returncode, first.stderr) == (0, "")
    assert second.stdout == first.stdout
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*")} == before


def test_the_making_leaves_nothing_aside(built: Built) -> None:
    labelled()
    assert [p.name for p in built.home.iterdir()] == ["print"]


def test_a_making_that_fails_leaves_nothing(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> None:
        (folder / cache.CATALOGUE).write_text("half")
        raise KeyError("a fault in the data")

    monkeypatch.setattr(build_module, "build", fail)
    with pytest.raises(KeyError):
        cache.folder()
    assert list(built.home.iterdir()) == []


def test_old_caches_are_forgotten(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcdef":
        monkeypatch.setattr(cache, "fingerprint", lambda name=name: name * 20)
        cache.folder()
        time.sleep(0.02)  # they are told apart by their times
    left = {p.name[0] for p in built.home.iterdir()}
    assert "f" in left
    assert len(left) == cache.KEPT


def test_a_folder_that_is_not_ours_is_never_forgotten(built: Built) -> None:
    """Who sets KG_CACHE to a folder in use keeps what is in it."""
    theirs = [built.home / name for name in ("photos", "letters", "music", "taxes", "work")]
    for folder in theirs:
        folder.mkdir(parents=True)
        (folder / "precious").write_text("mine")
        os.utime(folder, (0, 0))
    cache.folder()
    assert [folder.name for folder in theirs if not (folder / "precious").exists()] == []


# Damaged


@pytest.mark.parametrize("harm", HARMS, ids=lambda h: h.__name__)
@pytest.mark.parametrize("name", [*cache.FILES, cache.MANIFEST])
def test_a_damaged_file_is_noticed_and_made_anew(built: Built, name: str, harm: Harm) -> None:
    labelled()
    harm(built.home / "print" / name)
    graph = kg.load()
    assert graph.show("id:l5-nerve-root")["label"] == LABEL
    assert graph.explain(["numb top of the foot"]).conditions
    assert graph.paths("renal colic", "groin pain")
    assert built.times == 2


@pytest.mark.parametrize("harm", HARMS, ids=lambda h: h.__name__)
@pytest.mark.parametrize("pattern", ["*.sst", "CURRENT", "MANIFEST-*"])
def test_a_damaged_store_is_noticed_and_made_anew(built: Built, pattern: str, harm: Harm) -> None:
    right = count()
    for path in (built.home / "print" / cache.STORE).glob(pattern):
        harm(path)
    assert count() == right > 10_000
    assert built.times == 2


def test_a_missing_store_is_made_anew(built: Built) -> None:
    right = count()
    shutil.rmtree(built.home / "print" / cache.STORE)
    assert count() == right


def test_a_damaged_cache_is_mended_for_a_person_too(kg_run: KgRun, tmp_path: Path) -> None:
    env = {"KG_CACHE": str(tmp_path)}
    right = kg_run("show", LABEL, env=env).stdout
    for path in tmp_path.glob(f"*/{cache.CATALOGUE}"):
        garbage(path)
    done = kg_run("show", LABEL, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, right, "")


def test_a_cache_that_cannot_be_mended_is_a_failure(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    def useless(folder: Path) -> None:
        built(folder)
        for name in cache.FILES:
            (folder / name).write_bytes(b"")

    monkeypatch.setattr(build_module, "build", useless)
    with pytest.raises(Failure, match="cannot be read"):
        labelled()


# Stale


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of ontology and data that the program takes for the shipped ones."""
    for name in ("ontology", "data"):
        shutil.copytree(files.home() / name, tmp_path / "copy" / name)
    monkeypatch.setattr(files, "home", lambda: tmp_path / "copy")
    return tmp_path / "copy"


def test_an_edited_label_appears(copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    assert labelled() == LABEL
    roots = copied / "data" / "anatomy" / "roots.ttl"
    text = roots.read_text(encoding="utf-8")
    edited = text.replace(f'skos:prefLabel "{LABEL}"@en', 'skos:prefLabel "edited L5 root"@en')
    assert edited != text
    roots.write_text(edited, encoding="utf-8")
    assert labelled() == "edited L5 root"
    assert kg.load().resolve("edited L5 root").endswith("/l5-nerve-root")
    assert '"edited L5 root"' in run_query("SELECT ?l { id:l5-nerve-root skos:prefLabel ?l }", "json")


@pytest.mark.parametrize("folder", ["data/conditions", "data", "ontology"])
def test_the_fingerprint_notices_what_changes(copied: Path, folder: str) -> None:
    seen = [files.fingerprint()]
    assert files.fingerprint() == seen[0]
    file = copied / folder / "aaa.ttl"
    file.write_text("# one\n")
    seen.append(files.fingerprint())
    file.write_text("# more\n")
    seen.append(files.fingerprint())
    os.utime(file, (1, 1))
    seen.append(files.fingerprint())
    file.rename(file.with_name("bbb.ttl"))
    seen.append(files.fingerprint())
    assert len(set(seen)) == len(seen)
    file.with_name("bbb.ttl").unlink()
    assert files.fingerprint() == seen[0]


# Out of reach


def test_homes_that_cannot_be_written_leave_the_temporary_folder(kg_run: KgRun, tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "KG_CACHE"), "/dev/null/nowhere")
    done = kg_run("show", LABEL, env=nowhere | {"TMPDIR": str(tmp_path)})
    assert (done.returncode, done.stderr) == (0, "")
    assert LABEL in done.stdout
    assert [p.name for p in tmp_path.glob(f"backleg-kg-*/*/{cache.MANIFEST}")] == [cache.MANIFEST]


def test_a_home_that_may_not_be_entered_is_passed_over(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, plain_is_file = tmp_path / "closed", Path.is_file

    def is_file(self: Path) -> bool:
        if closed in self.parents:  # what Path.is_file does there before Python 3.14; root may enter anything
            raise PermissionError(13, "Permission denied", str(self))
        return plain_is_file(self)

    monkeypatch.setattr(Path, "is_file", is_file)
    monkeypatch.setattr(cache, "cache_homes", lambda: (closed, built.home))
    closed.touch()
    assert cache.folder() == built.home / "print"


def test_nowhere_to_write_is_a_failure_that_says_what_helps(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "cache_homes", lambda: (Path("/dev/null/a"), Path("/dev/null/b")))
    with pytest.raises(Failure, match=r"/dev/null/a, /dev/null/b.*KG_CACHE"):
        cache.folder()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners are POSIX")
def test_a_cache_of_somebody_else_is_not_opened(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    labelled()
    stranger = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: stranger)
    monkeypatch.setattr(cache, "cache_homes", lambda: (built.home,))
    with pytest.raises(Failure):
        cache.unpickled(cache.KNOWLEDGE)


def test_the_order_of_homes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_CACHE", "/own")
    monkeypatch.setenv("XDG_CACHE_HOME", "/user")
    own, user, temporary = cache.cache_homes()
    assert (own, user) == (Path("/own"), Path("/user/backleg-kg"))
    assert temporary.parent == Path(tempfile.gettempdir())
    monkeypatch.delenv("KG_CACHE")
    assert cache.cache_homes()[0] == user


# Several at once


def test_a_cache_elsewhere_does_not_stand_in_for_the_one_asked_for(
    built: Built, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else KG_CACHE would be heeded only by who never ran a command before."""
    elsewhere = cache.folder()
    monkeypatch.setattr(cache, "cache_homes", lambda: (tmp_path / "asked", elsewhere.parent))
    assert cache.folder().parent == tmp_path / "asked"


def test_several_at_once_all_succeed(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    env = surroundings({"KG_CACHE": str(tmp_path / "cache")})
    tasks = [("show", LABEL), ("explain", "numb top of the foot", "--json"), ("sparql", COUNT, "--format", "json")]
    running = [
        subprocess.Popen(command(*t), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, encoding="utf-8")
        for t in tasks
    ]
    ended = [(p.communicate(timeout=120), p.returncode) for p in running]
    assert [(code, errors) for (_, errors), code in ended] == [(0, "")] * 3
    shown, explained, counted = (out for (out, _), _ in ended)
    assert LABEL in shown
    assert json.loads(explained)["conditions"]
    assert int(json.loads(counted)["results"]["bindings"][0]["n"]["value"]) > 10_000
    assert [p.name for p in (tmp_path / "cache").iterdir() if p.name.startswith(".")] == []


def test_who_comes_second_leaves_the_cache_of_the_first(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first may be reading from it already."""
    first: list[int] = []

    def overtaken(folder: Path) -> None:
        built(folder)
        if not first:
            first.append(0)
            first[0] = cache.folder().stat().st_ino

    monkeypatch.setattr(build_module, "build", overtaken)
    assert cache.folder().stat().st_ino == first[0]
    assert [p.name for p in built.home.iterdir()] == ["print"]
