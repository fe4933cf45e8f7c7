"""The terminal's side of a command: read a file or standard input, write an answer, colour and width."""

# No postponed annotations here: typer would compile each of them again at every start.

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from kg.errors import InputError


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def style(text: str, kind: str) -> str:
    """The text in bold or in a colour, on a terminal that shows it."""
    if not _colour():
        return text
    return typer.style(text, bold=True) if kind == "bold" else typer.style(text, fg=kind, bold=kind == "red")


def width() -> int:
    """Letters in a line, 40 to 120."""
    from shutil import get_terminal_size

    return max(40, min(get_terminal_size((100, 24)).columns, 120))


def say(text: str) -> None:
    """Write an answer to standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def say_json(value: Any) -> None:
    """Write one JSON document to standard output."""
    import json

    say(json.dumps(value, ensure_ascii=False, indent=2))


def read(name: str, limit: int) -> str:
    """Text of a file or of standard input, not more than `limit` bytes."""
    try:
        data = sys.stdin.buffer.read(limit + 1) if name == "-" else _read_file(Path(name), limit)
    except OSError as e:
        raise InputError(f"{name}: cannot be read: {e.strerror}.") from e
    if len(data) > limit:
        raise InputError(f"{name}: larger than {limit // 1_000_000} MB, which is more than this command takes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError(f"{name}: not UTF-8 text.") from e


def _read_file(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit + 1)


def write(name: str, content: str | bytes) -> None:
    """Write a whole file or nothing."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    if name == "-":
        if isinstance(content, str):
            say(content)
        else:
            sys.stdout.buffer.write(data)
        return
    import tempfile

    target = Path(os.path.realpath(name))
    if _is_special(target, name):  # a device or a pipe is written to, never replaced
        try:
            target.write_bytes(data)
        except OSError as e:
            raise InputError(f"{name}: cannot be written: {e.strerror}.") from e
        return
    try:
        handle, aside = tempfile.mkstemp(dir=target.parent, prefix=".kg-")
    except OSError as e:
        raise InputError(
            f"{target.parent}: cannot write there: {e.strerror}. Choose an existing, writable folder."
        ) from e
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(aside, 0o644)
        os.replace(aside, target)
    except OSError as e:
        Path(aside).unlink(missing_ok=True)
        raise InputError(f"{target}: cannot be written: {e.strerror}.") from e


def write_folder(name: str, files: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, made if it is not there; other files in it are left alone."""
    if name == "-":
        raise InputError("This comes as several files: name a folder for them with -o.")
    folder = Path(name)
    try:
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise InputError(f"{name}: cannot be written as a folder: {e.strerror}.") from e
    for file, content in files.items():
        write(str(folder / file), content)


def _is_special(target: Path, name: str) -> bool:
    try:
        if target.is_dir():
            raise InputError(f"{name}: is a folder. Give the name of a file in it.")
        return target.exists() and not target.is_file()
    except OSError as e:
        raise InputError(f"{name}: cannot be written: {e.strerror}.") from e
