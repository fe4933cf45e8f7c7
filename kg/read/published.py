"""A folder of published cases → cases with the answers that were published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.errors import BadCase, InputError
from kg.model import PublishedCase
from kg.read.case import MAX_BYTES, read_case


def read_folder(folder: Path) -> tuple[PublishedCase, ...]:
    """All cases of a folder, by file name.

    A file is a case as `kg explain --case` reads it, with `diagnosis`, `also_acceptable` (other fair names) and
    `needs_same_day_care`.

    Raises:
        InputError: no such folder, or no .json file in it.
        BadCase: a file cannot be read, or lacks the published answer.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: is no folder. Name a folder of .json files, one case each.")
    files = sorted(folder.glob("*.json"))
    if not files:
        raise InputError(f"{folder}: holds no .json file. Each case is a file of its own.")
    return tuple(read_published(f) for f in files)


def read_published(path: Path) -> PublishedCase:
    """One case with its published answer."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadCase(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; a case is a few lines of JSON.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as e:
        raise BadCase(f"{path}: not UTF-8 text.") from e
    except OSError as e:
        raise InputError(f"{path}: cannot be read: {e.strerror}.") from e
    case = read_case(text, str(path))
    data = json.loads(text)
    diagnosis, others, urgent = (data.get(k) for k in ("diagnosis", "also_acceptable", "needs_same_day_care"))
    if not isinstance(diagnosis, str) or not diagnosis.strip():
        raise BadCase(f"{path}: lacks “diagnosis”, the name that was published.")
    if others is not None and (not isinstance(others, list) or not all(isinstance(o, str) for o in others)):
        raise BadCase(f"{path}: “also_acceptable” must be a list of names.")
    if not isinstance(urgent, bool):
        raise BadCase(f"{path}: “needs_same_day_care” must be true or false.")
    return PublishedCase(case, diagnosis, (diagnosis, *(others or ())), urgent, str(path), _published(data))


def _published(data: dict[str, Any]) -> str:
    """Where a case was published, as far as its file says."""
    source: dict[str, Any] = data["source"] if isinstance(data.get("source"), dict) else {}
    place = (
        (f"PMID {source['pmid']}" if source.get("pmid") else "")
        or (f"doi:{source['doi']}" if source.get("doi") else "")
        or source.get("url")
    )
    return ". ".join(str(x).rstrip(".") for x in (data.get("author"), data.get("title"), place) if x)
