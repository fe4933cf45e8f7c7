"""`kg serve` and `kg site`: the pages, from a local server or as a folder of files."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from typing import Annotated

import typer

from kg.commands.app import app
from kg.errors import InputError


@app.command(epilog="Example: kg serve --port 8001")
def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; 0.0.0.0 lets the whole network in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes any.")] = 8000,
) -> None:
    """A local web app: explain cases, look at things, compare, browse. Asks no other host for anything."""
    import socket

    import uvicorn

    from kg.web.app import make_app, warm

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # before the address is told: whoever reads it may connect at once
    except OSError as e:
        raise InputError(f"Cannot listen on {host}, port {port}: {e.strerror}. Choose another with --port.") from e
    made = make_app()
    warm(made)
    shown = f"[{host}]" if ":" in host else host
    print(f"Open http://{shown}:{listening.getsockname()[1]}/ in a browser. Ctrl-C ends it.", file=sys.stderr)
    sys.stderr.flush()
    config = uvicorn.Config(made, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])


@app.command(epilog="Example: kg site -o pages")
def site(
    output: Annotated[str, typer.Option("-o", "--output", help="Folder to write; made if it is not there.")],
) -> None:
    """The same pages as files that work from a folder, a USB stick or GitHub Pages."""
    from kg.api import KnowledgeGraph
    from kg.web.site import write_site

    pages, size = write_site(KnowledgeGraph(), output)
    print(f"{pages:,} pages, {size / 1e6:.0f} MB, written to {output}; open index.html there.", file=sys.stderr)
