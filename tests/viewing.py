"""The app in-process, a real server for the browser, and a browser whose network is cut."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from starlette.testclient import TestClient

import kg
from kg.web.app import make_app

SIZES = {"phone": (390, 844), "desk": (1280, 800), "hall": (1920, 1080)}


@pytest.fixture(scope="session")
def client(graph: kg.KnowledgeGraph) -> TestClient:
    return TestClient(make_app(graph), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def server(graph: kg.KnowledgeGraph) -> Iterator[str]:
    """The address of `kg serve`, as people start it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    from conftest import surroundings

    command = [sys.executable, "-m", "kg.cli", "serve", "--port", str(port)]
    started = subprocess.Popen(command, env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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


@dataclass
class Seen:
    """A page, and everything on it that should not have happened."""

    page: Page
    trouble: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@dataclass
class Viewer:
    """Opens pages, each in a context of its own that reaches this machine's server and files, and nothing else."""

    browser: Browser
    home: str
    contexts: list[BrowserContext] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def open(self, address: str, size: str = "desk") -> Page:
        width, height = SIZES[size]
        context = self.browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        self.contexts.append(context)
        seen = Seen(context.new_page())
        self.seen.append(seen)

        def gate(route: Route) -> None:
            if route.request.url.startswith((self.home, "file:", "data:", "blob:")):
                route.continue_()
            else:
                seen.requests.append(route.request.url)
                route.abort()

        def dismissed(dialog: Any) -> None:
            seen.trouble.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        context.route("**/*", gate)
        page = seen.page
        page.on("console", lambda m: seen.trouble.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: seen.trouble.append(str(e)))
        page.on("dialog", dismissed)
        page.goto(address if address.startswith("file:") else self.home + address)
        ready(page)
        return page


def ready(page: Page) -> None:
    """Wait until the page's scripts have run and its drawing, if it has one, stands."""
    page.wait_for_selector("html[data-alive=yes]", state="attached")
    if page.locator("#canvas").count():
        page.wait_for_selector("html[data-ready=yes]", state="attached")


def problems(page: Page) -> list[str]:
    """What axe finds wrong, in a line each.

    All rules run; only what they find wrong is written out, since describing thousands of places that are right took
    most of the time.
    """
    from axe_playwright_python.sync_playwright import Axe

    options = {"preload": False, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {n['target']} {n['failureSummary'][:200]}" for v in found for n in v["nodes"][:4]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    arguments = ["--no-sandbox", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


@pytest.fixture
def web(browser: Browser, server: str) -> Iterator[Viewer]:
    made = Viewer(browser, server)
    yield made
    for context in made.contexts:
        context.close()
    for seen in made.seen:
        # A page that is meant to be missing is reported by the browser itself.
        assert [t for t in seen.trouble if not re.search(r"status of 40[04]", t)] == []
        assert seen.requests == []


@pytest.fixture(scope="session")
def site_folder(graph: kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static site with everything but most of its things and comparisons, which are alike."""
    from kg.web import answers, quiz, site

    out = tmp_path_factory.mktemp("site") / "pages"
    kept = ("id/l5-nerve-root", "id/lumbar-disc-herniation", "id/piriformis-syndrome", "ontology/class/Condition")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(quiz, "SETS", 2)
        patched.setattr(site, "wanted", lambda address: address in kept or address.startswith("id/red-flag"))
        patched.setattr(site, "pairs", lambda g: answers.look_alikes(g)[:4])
        site.write_site(graph, str(out))
    return out
