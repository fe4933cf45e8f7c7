"""The `kg` command: finds the command that is called, runs it, and turns errors into a line for people."""

import gc
import os
import sys
from importlib import import_module
from io import TextIOWrapper

from kg.commands.app import app
from kg.errors import InputError, KgError
from kg.plain import clean

MAX_MESSAGE = 600
MODULES = {
    "explain": "reasoning",
    "localize": "reasoning",
    "paths": "looking",
    "show": "looking",
    "search": "looking",
    "view": "looking",
    "cite": "looking",
    "sparql": "querying",
    "questions": "querying",
    "export": "querying",
    "check": "checking",
    "coverage": "checking",
    "rank": "ranking",
    "conformance": "conforming",
    "evaluate": "evaluating",
    "compare": "reasoning",
    "serve": "serving",
    "site": "serving",
    "quiz": "quizzing",
    "changes": "releasing",
    "docs": "releasing",
    "fair": "releasing",
    "release": "releasing",
}

# A command lives for a moment: collecting garbage while it unpacks its tables costs more than it frees.
gc.set_threshold(200_000, 20, 20)


def load_commands(called: str = "") -> None:
    """Load the module of the command that is called; all of them for anything else, such as `--help`."""
    for module in [MODULES[called]] if called in MODULES else dict.fromkeys(MODULES.values()):
        import_module(f"kg.commands.{module}")


def main() -> None:
    """Entry point: errors made for people, exit codes as the contract gives them."""
    sys.argv = [clean(a) for a in sys.argv]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a letter gets a question mark
            stream.reconfigure(errors="replace")
    load_commands(sys.argv[1] if len(sys.argv) > 1 else "")
    code = _run()
    sys.stderr.flush()
    # Taking a graph of thousands of links apart, piece by piece, would take as long as a look-up.
    os._exit(code)


def _run() -> int:
    """Run the command and write its answer out; its exit code."""
    code = 0
    try:
        try:
            app()
        except SystemExit as e:
            code = e.code if isinstance(e.code, int) else 1 if e.code else 0
        sys.stdout.flush()
    except KgError as e:
        return _complain(str(e), 2 if isinstance(e, InputError) else 1)
    except BrokenPipeError:  # the reader has seen enough
        return 0
    except OSError as e:
        return _complain(f"The answer could not be written: {e.strerror}.", 1)
    except KeyboardInterrupt:
        return 130
    return code


def _complain(message: str, code: int) -> int:
    print(clean(f"kg: {message}".replace("\n", " "))[:MAX_MESSAGE], file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
