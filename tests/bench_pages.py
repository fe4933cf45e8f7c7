"""How long pages take in headless Chromium beside a bare pyvis page of the same graph, in the same run.

`python tests/bench_pages.py`, and the last part of `make bench`. Runs are interleaved.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    import kg

ROUNDS = 3
PATIENCE = 60  # seconds that a page may take to its first picture
ROOT = Path(__file__).parent.parent
CONDITIONS = ("lumbar-disc-herniation", "piriformis-syndrome", "renal-colic", "hip-osteoarthritis", "psoas-abscess")
# Notes when vis-network first painted the graph, for a page that does not say so itself.
HOOK = """
window.vis = new Proxy({}, { set(library, name, value) {
  library[name] = name !== "Network" ? value : class extends value { constructor(...given) {
    super(...given);
    this.once("afterDrawing", () => {
      window.painted = performance.now();
      document.documentElement.dataset.painted = "yes";
    });
  } };
  return true;
} });
"""
# From a deed to the frame after it, in milliseconds.
FRAME = """(deed) => new Promise((done, failed) => requestAnimationFrame(() => {
  const start = performance.now();
  try { eval(deed); } catch (problem) { failed(problem); }
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
}))"""
LETTERS = (
    "document.getElementById('search').value = '{}';document.getElementById('search').dispatchEvent(new Event('input'))"
)
PRESS = "[...document.querySelectorAll('#legend button')].find((b) => b.textContent.startsWith('{}')).click()"
CHOOSE = "document.querySelector('#results button').click()"
# What hiding and showing again costs in a page without a legend.
HIDE = "nodes.update(nodes.get({{filter: (n) => n.kind === '{}'}}).map((n) => ({{id: n.id, hidden: {}}})))"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; the page's own policy is lifted, since `eval` is how deeds are timed."""
    import shutil

    from playwright.sync_api import sync_playwright

    path = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


@contextmanager
def served() -> Iterator[str]:
    """The address of `kg serve`, as people start it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kg.cli", "serve", "--port", str(port)]
    started = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urlopen(f"{address}/about", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        started.terminate()
        started.wait(20)


@contextmanager
def opened(browser: Browser, address: str, home: str) -> Iterator[Page]:
    """A page in a context of its own that reaches this machine only."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    context.add_init_script(HOOK)
    context.route(lambda url: not url.startswith((home, "file:", "data:", "blob:")), lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(address, wait_until="commit")
    yield page
    context.close()


def first_picture(page: Page) -> float | None:
    """Milliseconds from asking for a page to its drawing, or None where patience ended."""
    from playwright.sync_api import TimeoutError as TooLong

    try:
        page.wait_for_selector("html[data-painted=yes]", state="attached")
    except TooLong:
        return None
    return float(page.evaluate("window.painted"))


def worst(page: Page, deeds: list[str]) -> float:
    """The longest that any deed kept the page from its next frame, in milliseconds."""
    return max(float(page.evaluate(FRAME, deed)) for deed in deeds)


def bare_page(graph: kg.KnowledgeGraph, physics: bool) -> str:
    """The same things and links as pyvis draws them when it is told nothing else."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line")
    for n, seen in graph.walk.nodes(data=True):
        net.add_node(n, label=seen["label"], kind=seen["kind"])
    for _, _, seen in graph.walk.edges(data=True):
        s, p, o = seen["links"][0]
        net.add_edge(s, o, title=graph.walk.graph["labels"].get(p, ""))
    if not physics:
        net.toggle_physics(False)
    return str(net.generate_html())


def said(times: list[float | None], limit: float | None = None) -> str:
    """Median and limit in words."""
    known = [t for t in times if t is not None]
    if len(known) < len(times):
        return f"{'none':>9}  within {PATIENCE} s"
    verdict = "" if limit is None else f"{limit:>6g} {'ok' if median(known) <= limit else 'over'}"
    return f"{median(known):>9.0f} {verdict}".rstrip()


def whole_graph(browser: Browser, graph: kg.KnowledgeGraph, home: str, folder: Path) -> None:
    """Print first picture, search and filter of the whole graph, ours and bare."""
    ours, still, searching, choosing, filtering, hiding = [], [], [], [], [], []
    words = ["sciatic", "disc", "pain", "numb"]
    letters = [LETTERS.format(w[:i]) for w in words for i in range(1, len(w) + 1)]
    for turn in range(ROUNDS):
        with opened(browser, f"{home}/graph", home) as page:
            ours.append(first_picture(page))
            searching.append(worst(page, letters))
            choosing.append(worst(page, [CHOOSE]))
            filtering.append(worst(page, [PRESS.format(k) for k in ("muscle", "muscle", "red flag", "red flag")]))
        with opened(browser, (folder / "still.html").as_uri(), home) as page:
            still.append(first_picture(page))
            deeds = [HIDE.format("Muscle", h) for h in ("true", "false")]
            hiding.append(worst(page, deeds) if turn == 0 else hiding[0])
    with opened(browser, (folder / "bare.html").as_uri(), home) as page:
        bare = [first_picture(page)]
    print(f"\n{'whole graph in the browser':<44} {'median ms':>9} {'limit':>6}")
    for name, times, limit in (
        ("first picture", ours, 2000.0),
        ("  bare pyvis page, once", bare, None),
        ("  bare pyvis page without its layout", still, None),
        ("search, slowest of 19 letters", searching, 100.0),
        ("a thing takes the stage", choosing, 200.0),
        ("a kind shown or hidden, slowest of 4", filtering, 300.0),
        ("  bare pyvis page without its layout, of 2", hiding, None),
    ):
        print(f"{name:<44} {said(times, limit)}")


def conditions(browser: Browser, home: str) -> None:
    """Print how long pages of conditions take, to their words and to their drawing, going from one to the next."""
    words, drawn = [], []
    with opened(browser, f"{home}/about", home) as page:
        for name in (CONDITIONS[-1], *CONDITIONS):  # the first one brings the scripts
            page.goto(f"{home}/id/{name}", wait_until="commit")
            page.wait_for_selector("html[data-ready=yes]", state="attached")
            words.append(float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")))
            drawn.append(float(page.evaluate("window.painted")))
    print(f"{'page of a condition, words':<44} {said(words[1:], 300.0)}")
    print(f"{'page of a condition, drawing too':<44} {said(drawn[1:], 300.0)}")


def main() -> None:
    """All of it, against `kg serve`."""
    sys.path.insert(0, str(ROOT))
    import kg

    graph = kg.load()
    with tempfile.TemporaryDirectory() as place, served() as home, chromium() as browser:
        for name, physics in (("bare", True), ("still", False)):
            (Path(place) / f"{name}.html").write_text(bare_page(graph, physics), encoding="utf-8")
        whole_graph(browser, graph, home, Path(place))
        conditions(browser, home)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as cache:
        os.environ.setdefault("KG_CACHE", cache)
        main()
