"""The app in a real Chromium on a real server: a loopback port, a database in a temporary folder, nothing in ours."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import psutil
import pytest
from playwright.sync_api import BrowserContext, TimeoutError, expect, sync_playwright

from lstm_core.storage.schema import EXAMPLE_OWNER
from lstm_core.storage.store import Store
from lstm_core.ui.base.examples import AT_ONCE, EXAMPLES
from lstm_core.ui.live.status import STREAM

ROOT = Path(__file__).parents[2]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
# A chart is drawn, the network on Start, the inside of the cell stands there with its numbers, lessons or challenges,
# the ways into a class, one's place in it, or its wall.
DRAWN = (".alive-held, .js-plotly-plot .main-svg, .cv-hand:not(.cv-stale) .cv-card, .sh-drawing, "
         ".st-key-lessons button, [class*=st-key-challenge_], .st-key-open_start, "
         ".st-key-class_join, .st-key-class_me, .wall")
PATIENCE = 40_000       # milliseconds: the machine may have other things to do
expect.set_options(timeout=PATIENCE)
# What is in view now, the navigation included. A control is whatever the Tab key stops at: options that the arrow keys
# go through are one; the page's main part, which stops it only so that it can be scrolled, is none. A word is what has
# a letter or a digit. The words of charts are drawn as SVG and do not count; nor do those only for a screen reader.
IN_VIEW = r"""() => {
    const seen = (box) => box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0
        && box.top < innerHeight && box.left < innerWidth;
    const visible = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const stops = [...document.querySelectorAll('*')].filter((node) => node.tabIndex >= 0 && !node.disabled
        && node.localName !== 'main' && node.checkVisibility({ visibilityProperty: true })
        && seen(node.getBoundingClientRect()));
    const controls = [...new Set(stops.map((node) => node.closest('[role=radiogroup], [role=tablist]') ?? node))].map(
        (node) => `${node.localName} ${node.ariaLabel ?? ''} ${node.innerText ?? ''}`.trim().slice(0, 40));
    const words = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { parentElement: around } = texts.currentNode;
        if (around.closest('svg, script, style, [data-testid=stIconMaterial]') || !visible(around)) continue;
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        if (![...range.getClientRects()].some(seen) || !seen(around.getBoundingClientRect())) continue;
        words.push(...texts.currentNode.textContent.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)));
    }
    return { controls, words };
}"""


def origin(address):
    """Return scheme and host of an address; of one that needs no host (data:, blob:) the scheme."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def share_of_a_core(seconds=0.1):
    """Return the share of a processor that one process gets right now: 1 where nothing else wants it, 0.3 at least."""
    began, used = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        pass
    return max(0.3, min(1.0, (time.process_time() - used) / (time.perf_counter() - began)))


class Server:
    """A server of the app, as ``streamlit run app.py`` starts it; it can be started again on its port and database."""

    def __init__(self, folder, prefix="", script="app.py"):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.prefix, self.folder, self.script = prefix, folder, script
        self.address = f"http://127.0.0.1:{self.port}/{prefix}".rstrip("/")
        self.database = f"sqlite:///{folder / 'lab.db'}"
        self.start()

    def start(self):
        self.log = (self.folder / "server.log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", self.script, "--server.port", str(self.port),
             "--server.address", "127.0.0.1", "--server.headless", "true",
             "--server.baseUrlPath", self.prefix],
            cwd=ROOT, env={**os.environ, "GATESCOPE_DATABASE": self.database}, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.end()
        raise RuntimeError(f"The app did not start: {(self.folder / 'server.log').read_text()[-2000:]}")

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.log.close()

    def wait_for_examples(self):
        """Wait until the examples are trained that the first pages show."""
        store = Store(self.database)
        while sum(facts.status == "done" for facts in store.recent(EXAMPLE_OWNER, len(EXAMPLES))) < len(AT_ONCE):
            time.sleep(0.05)
        store.close()

    def workers(self):
        """Return the server's processes that have torch in memory, which are those that train."""
        return [child for child in psutil.Process(self.process.pid).children(recursive=True)
                if any("libtorch" in area.path for area in child.memory_maps())]

    def stored(self, run):
        """Return what the database has of a run, all from one save: its curves, its last snapshot, its state."""
        store = Store(self.database)
        try:
            for _attempt in range(50):
                kept = store.load(run)
                state = store.state(kept.facts)
                if state is not None or not kept.begun:
                    return kept, store.snapshot(run, kept.facts.update), state
                time.sleep(0.1)         # the server has saved it again between the two questions
            raise AssertionError(f"{run} has no state, or is saved without end")
        finally:
            store.close()


def listen(page, **handlers):
    """Have the page's events handled; return what ends that, for the page lives longer than the test."""
    for event, handler in handlers.items():
        page.on(event, handler)
    return lambda: [page.remove_listener(event, handler) for event, handler in handlers.items()]


class Visit:
    """One tab on the app: what a person does there, and what the tab received, asked for and complained about."""

    def __init__(self, server, page):
        self.server, self.page = server, page
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.pictures = []              # of a run that trains, as they came
        self.leave = listen(page, console=self._said, websocket=self._connected,
                            pageerror=lambda error: self.complaints.append(str(error)),
                            request=lambda request: self.hosts.add(origin(request.url)))

    def _said(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def _connected(self, socket):
        if socket.url.partition("?")[0].endswith(f"/{STREAM}"):
            socket.on("framereceived", lambda frame: self.pictures.append(frame))

    def open(self, path="train", **query):
        """Go to a page and wait until it stands there with its charts."""
        self.page.goto(f"{self.server.address}/{path}{'?' if query else ''}{urlencode(query)}")
        return self.settled()

    def turn_to(self, path, **query):
        """Go to another page as a link of the app does: the session goes on, and no script is read again."""
        self.page.evaluate("""address => {
            history.pushState({}, "", address);
            dispatchEvent(new PopStateEvent("popstate"));
        }""", f"{self.server.address}/{path}{'?' if query else ''}{urlencode(query)}")
        self.page.wait_for_function("location.search.includes('lang=')")        # which every page writes there
        return self.still().settled()

    def settled(self):
        expect(self.page.locator(DRAWN).first).to_be_visible()
        return self

    def still(self):
        """Wait until the server has nothing more to say; only for pages on which nothing trains."""
        self.page.wait_for_timeout(150)     # what was just clicked is on its way
        self.page.locator("[data-test-script-state=notRunning]").wait_for()
        self.page.wait_for_timeout(150)
        return self

    def button(self, key):
        # Streamlit draws a button with a hint twice and hides one of them.
        return self.page.locator(f".st-key-{key} button").locator("visible=true")

    def choose(self, key, option):
        """Choose an option of a select box; open it again where a dialog that leaves took the focus and closed it."""
        box = self.page.locator(f".st-key-{key} [role=combobox], .st-key-{key} [data-baseweb=select]").first
        box.click()
        try:
            self.page.get_by_role("option", name=option, exact=True).click(timeout=5_000)
        except TimeoutError:
            box.click()
            self.page.get_by_role("option", name=option, exact=True).click()

    def write(self, key, value):
        field = self.page.locator(f".st-key-{key} input")
        field.fill(str(value))
        field.press("Enter")

    def value(self, key):
        return self.page.locator(f".st-key-{key} input").input_value()

    @property
    def query(self):
        self.page.wait_for_timeout(1)       # lets Playwright hear of a changed address
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    def start(self):
        """Press Train, wait until the new run is on the screen, and return its id."""
        self.page.evaluate("""() => {
            const seen = () => document.querySelector('.st-key-loss [role=img]')?.ariaLabel;
            const run = () => new URLSearchParams(location.search).get('run');
            const [words, before] = [seen(), run()];
            window.other = false;
            const numbers = () => document.querySelector('.run-status')?.dataset.run;
            window.began = () => (other ||= seen() && seen() !== words) && run() && run() !== before
                && numbers() === run();
        }""")
        self.button("train").click()
        self.page.wait_for_function("began()")
        return self.query["run"]

    def shows(self, run):
        """Wait until the address names this run."""
        self.page.wait_for_url(re.compile(rf"[?&]run={re.escape(run)}(&|$)"))

    @property
    def updates(self):
        return int(self.page.locator(".run-value").first.inner_text().replace(",", ""))

    def wait_for_updates(self, count, timeout=30):
        self.page.wait_for_function(
            "count => { const shown = document.querySelector('.run-value');"
            " return shown && Number(shown.innerText.replaceAll(',', '')) >= count; }", arg=count,
            timeout=timeout * 1000)

    @property
    def progress(self):
        return self.page.locator(".run-line, [data-testid=stProgress]")

    def wait_until(self, word, timeout=30):
        """Wait until the line above the progress bar begins with a word."""
        expect(self.progress).to_have_text(re.compile(rf"^\s*{word}\b"), timeout=timeout * 1000)

    def train_preset(self, preset, ends="Done", **settings):
        """Open a preset on the page Train at full speed, train it to its end, and return the run."""
        self.open("train", preset=preset).still()
        for key, value in settings.items():
            self.write(key, value)
            self.page.wait_for_url(f"**{key}={value}**")
        self.choose("pace", "full speed")
        self.still()
        run = self.start()
        self.wait_until(ends, timeout=60)
        return run

    def bytes_per_picture(self, pictures, timeout=10):
        """Return what one picture of a training run takes on the way to the browser, in bytes: the mean of so many."""
        self.pictures.clear()
        deadline = time.monotonic() + timeout
        while len(self.pictures) < pictures:
            assert time.monotonic() < deadline, f"only {len(self.pictures)} of {pictures} pictures came in {timeout} s"
            self.page.wait_for_timeout(50)
        return sum(map(len, self.pictures)) / len(self.pictures)

    # -- watching from within the page, where nothing of Playwright's own way there and back is measured -----

    def click_and_time_the_first_loss(self):
        """Press Train and return the seconds until the loss curve of the new run is drawn."""
        self.page.evaluate("""() => {
            const figure = () => document.querySelector('.st-key-loss [role=img]');
            const drawn = () => figure()?.data;
            const button = [...document.querySelectorAll('.st-key-train button')].find(one => one.checkVisibility());
            const run = () => new URLSearchParams(location.search).get('run');
            const [words, data, before] = [figure().ariaLabel, drawn(), run()];
            window.took = null;
            button.addEventListener('click', () => {
                const clicked = performance.now();
                const look = () => {
                    const now = figure()?.ariaLabel ?? '';
                    if (run() !== before && now !== words && /[0-9]/.test(now) && drawn() !== data)
                        window.took = (performance.now() - clicked) / 1000;
                    else requestAnimationFrame(look);
                };
                requestAnimationFrame(look);
            }, { once: true, capture: true });
        }""")
        self.button("train").click()
        return self.page.wait_for_function("window.took").json_value()

    def mark_nodes(self):
        """Remember all nodes of the loss and prediction charts; return how many there are."""
        return self.page.evaluate("""() => {
            window.chartNodes = () => [...document.querySelectorAll('.st-key-loss, .st-key-prediction')].flatMap(
                box => [...box.querySelectorAll('[role=img], .js-plotly-plot, .main-svg')]);
            window.marked = chartNodes();
            return marked.length;
        }""")

    def same_nodes(self):
        return self.page.evaluate(
            "() => { const now = chartNodes();"
            " return now.length === marked.length && now.every((node, at) => node === marked[at]); }")


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The server that the tests share."""
    server = Server(tmp_path_factory.mktemp("app"))
    server.wait_for_examples()
    yield server
    server.end()


@pytest.fixture(scope="session")
def parts(tmp_path_factory):
    """The server of single parts of the app, without training (tests/browser/parts)."""
    server = Server(tmp_path_factory.mktemp("parts"), script="tests/browser/parts/app.py")
    yield server
    server.end()


@pytest.fixture
def look(new_page, parts):
    """Open tabs on the cell view whose console must stay empty."""
    from tests.browser.cell_look import Look  # which needs this module

    made = []

    def make(**settings):
        made.append(Look(new_page(**settings), parts.address))
        return made[-1]

    yield make
    for tab in made:
        tab.leave()
    assert [tab.complaints for tab in made if tab.complaints] == []


@pytest.fixture
def own_server(tmp_path):
    """Start servers that a test may end."""
    started = []

    def start(prefix=""):
        started.append(Server(tmp_path, prefix))
        return started[-1]

    yield start
    for server in started:
        server.end()


@pytest.fixture(scope="session")
def browser():
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


SCREEN = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US"}


def show_all_settings(context: BrowserContext) -> None:
    """Have a browser remember that the page Train shows all settings, as most tests want it."""
    context.add_cookies([{"name": "gatescope_all_settings", "value": "1", "domain": "127.0.0.1", "path": "/"}])


def forget(page):
    """Have a tab forget what pages let it remember, or the next test would find the steps open, or another's text."""
    page.evaluate("""() => {
        try { localStorage.clear(); sessionStorage.clear(); } catch { /* an empty tab has none */ }
    }""")


@pytest.fixture(scope="session")
def usual(browser):
    """The browser most tests share: it need not fetch Streamlit's own files each time, and keeps its cookie."""
    context = browser.new_context(**SCREEN)
    show_all_settings(context)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="session")
def others():
    """The browsers of other people, without a cookie and a tab, that nobody uses; see ``pages``."""
    return []


@pytest.fixture
def person(browser, others):
    """Make browsers with cookies of their own (contexts); settings make a new one, which is closed in the end."""
    kept: list[BrowserContext] = []
    closed: list[BrowserContext] = []

    def make(**settings):
        if others and not settings:
            kept.append(others.pop())
            return kept[-1]
        context = browser.new_context(**SCREEN | settings)
        show_all_settings(context)
        context.set_default_timeout(PATIENCE)
        (closed if settings else kept).append(context)
        return context

    yield make
    for context in closed:
        context.close()
    for context in kept:
        for page in context.pages:
            forget(page)
            page.close()
        context.clear_cookies()
        show_all_settings(context)
        others.append(context)


@pytest.fixture(scope="session")
def pages():
    """The tabs of the browser most tests share that nobody uses; a tab that has read the scripts before is faster."""
    return []


@pytest.fixture
def new_page(usual, pages, person, parts):
    """Open tabs in the browser most tests share, or in one of their own where the settings ask for that."""
    made = []

    def make(viewport=SCREEN["viewport"], color_scheme="light", reduced_motion="no-preference", **settings):
        if settings:
            page = person(viewport=viewport, **settings).new_page()
        else:
            page = pages.pop() if pages else usual.new_page()
            made.append(page)
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        return page

    yield make
    for page in made:
        if not page.is_closed():
            page.unroute_all(behavior="ignoreErrors")
            page.mouse.move(0, 0)
            forget(page)
            page.goto(f"{parts.address}/_stcore/health")
            pages.append(page)


@pytest.fixture
def visit(app, new_page):
    """Open tabs on the app; a context is that of a person (see there), settings are those of a page (see there).

    In the end no tab may have complained, or asked anyone but the server for anything.
    """
    made = []

    def make(context=None, server=None, **settings):
        made.append(Visit(server or app, context.new_page() if context else new_page(**settings)))
        return made[-1]

    yield make
    for tab in made:
        tab.leave()
    for tab in made:
        assert tab.complaints == []
        assert tab.hosts <= {origin(tab.server.address), "data:", "blob:"}
