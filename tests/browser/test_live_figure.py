"""The live figure in a real browser on a real server: the same nodes, small messages, zoom and theme kept."""

import urllib.error
import urllib.request

import numpy as np
import pytest
from playwright.sync_api import expect

from lstm_core import charts
from lstm_core.ui.widgets.live_figure import packed
from tests.browser.conftest import listen

DRAWN = """window.drawn = () => [...document.querySelectorAll('.js-plotly-plot')].map(
    plot => plot.data.map(line => Array.from(line.y).join()).join(";"))"""
NAMED = "[role=img]:not([data-testid])"                 # of ours: Streamlit's own pictures carry a test id
NODES = f".js-plotly-plot, .js-plotly-plot .main-svg, {NAMED}"


@pytest.fixture
def server(parts):
    return parts.address


@pytest.fixture
def page(new_page):
    """A page whose console must stay empty."""
    page = new_page()
    said = []
    leave = listen(page,
                   console=lambda message: message.type in ("error", "warning") and said.append(message.text),
                   pageerror=lambda error: said.append(str(error)),
                   response=lambda answer: answer.status >= 400 and said.append(f"{answer.status} {answer.url}"))
    yield page
    leave()
    assert said == []


def wait_for_plots(page, count=2):
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    page.wait_for_function(f"document.querySelectorAll('.js-plotly-plot').length === {count}")
    page.evaluate(DRAWN)


def tick(page):
    return int(page.locator("#tick").inner_text())


def wait_for_ticks(page, count):
    before = tick(page)
    page.wait_for_function(f"Number(document.querySelector('#tick').innerText) >= {before + count}", timeout=30_000)


@pytest.mark.parametrize("updates", [20 * 50, 20 * 2000])   # 50 and 2,000 epochs of 20 updates
def test_an_update_takes_at_most_ten_kilobytes_and_makes_no_chart_node_again(server, page, updates, record_property):
    received = []
    page.once("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(f"{server}/?updates={updates}")
    wait_for_plots(page)
    page.wait_for_function("""chosen => {  // all layers of all charts are there: no more have come for a second,
        const found = [...document.querySelectorAll(chosen)];
        if (found.length !== window.nodes?.length || found.some((node, at) => node !== nodes[at])) {
            [window.nodes, window.since, window.looks] = [found, performance.now(), 0];
        }
        return ++looks > 30 && performance.now() - since > 1000;    // in which the browser was not busy all the time
    }""", arg=NODES, timeout=90_000)
    page.evaluate("""() => {
        window.pictures = [new Set(), new Set()];
        window.watching = setInterval(() => drawn().forEach((y, at) => pictures[at].add(y)), 40);
    }""")
    first, before = tick(page), sum(received)
    wait_for_ticks(page, 20)        # at either end one may be counted whose bytes are not, or the other way round
    size = (sum(received) - before) / (tick(page) - first)
    record_property("bytes per update", round(size))
    print(f"{updates} updates: {size:.0f} bytes")
    assert 2_000 < size <= 10_000
    changed = page.evaluate("""chosen => {
        const now = new Set(document.querySelectorAll(chosen));
        return [...now.symmetricDifference(new Set(nodes))].map(
            node => `${nodes.includes(node) ? 'gone' : 'new'}: ${node.outerHTML.slice(0, 200)}`);
    }""", NODES)
    assert page.evaluate("nodes.length") >= 6
    assert changed == []
    curves, fits = page.evaluate("pictures.map(seen => seen.size)")
    assert fits >= 6
    assert curves >= 6 or updates == 20 * 2000          # where one of its 500 points stands for 10 pictures
    labels = page.locator(NAMED)
    assert labels.nth(0).get_attribute("aria-label").startswith("Training loss")
    assert labels.nth(1).get_attribute("aria-label") == "Predicted and real closing price"


def test_zoom_and_hidden_lines_survive_updates(server, page):
    page.goto(server)
    wait_for_plots(page)
    plot = page.locator(".js-plotly-plot").nth(1)
    box = plot.locator(".nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 100, steps=4)
    wait_for_ticks(page, 2)     # updates that arrive in the middle of the gesture do not break it
    page.mouse.move(box["x"] + 260, box["y"] + 140, steps=4)
    page.mouse.up()
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot')[1]._fullLayout.xaxis.autorange === false")
    plot.locator(".legendtoggle").nth(0).click()
    page.wait_for_function(
        "document.querySelectorAll('.js-plotly-plot')[1]._fullData.some(t => t.visible === 'legendonly')")
    state = """() => { const plot = document.querySelectorAll('.js-plotly-plot')[1];
        return [plot._fullLayout.xaxis.range, plot._fullLayout.yaxis.range, plot._fullData.map(t => t.visible)]; }"""
    chosen = page.evaluate(state)
    assert chosen[0][0] > "2018-01-05"
    wait_for_ticks(page, 3)
    assert page.evaluate(state) == chosen


def test_the_same_data_are_not_drawn_again(server, page):
    page.goto(f"{server}/?still")
    wait_for_plots(page)
    one, other = (list(packed(charts.loss_curve(np.full(3, level), [], log=False), "losses")) for level in (1, 2))
    drawings = """async ([one, other]) => {
        const script = document.querySelector('script[src*=plotly]').src.replace('plotly.min.js', 'live_figure.js');
        const { default: draw } = await import(script);
        const parentElement = document.createElement('div');
        document.body.append(parentElement);
        const show = async content => {
            draw({ data: new Uint8Array(content), parentElement });
            await new Promise(done => setTimeout(done, 300));
        };
        await show(one);
        let count = 0;
        parentElement.querySelector('.js-plotly-plot').on('plotly_afterplot', () => count++);
        await show(one);
        const same = count;
        await show(other);
        return [same, count];
    }"""
    assert page.evaluate(drawings, [one, other]) == [0, 1]


def test_the_colours_follow_the_theme_at_once(server, page):
    page.goto(f"{server}/?still")
    wait_for_plots(page)
    ink = "getComputedStyle(document.querySelector('.js-plotly-plot .xtick text')).fill"
    text = "getComputedStyle(document.querySelector('.live-figure-title')).color"
    page.evaluate("window.plot = document.querySelector('.js-plotly-plot')")
    light = page.evaluate(ink), page.evaluate(text)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{ink} !== '{light[0]}'")
    page.wait_for_function(f"{text} !== '{light[1]}'")
    assert page.evaluate(ink) == "rgb(230, 235, 240)"       # textColor of the dark theme; its opacity is apart
    assert page.evaluate("plot === document.querySelector('.js-plotly-plot')")


def test_a_narrow_screen_gets_the_whole_figure(server, page):
    page.goto(f"{server}/?still")
    wait_for_plots(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("""() => [...document.querySelectorAll('.js-plotly-plot')].every(plot =>
        plot.getBoundingClientRect().right <= 390 && plot._fullLayout.width === plot.offsetWidth)""")
    clipped = page.evaluate("""() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
        const frame = plot.getBoundingClientRect();
        return [...plot.querySelectorAll('.legendtext, .xtitle, .ytitle, .xtick text, .ytick text')].filter(node => {
            const box = node.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
        }).map(node => node.textContent);
    })""")
    assert clipped == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_figure_that_leaves_the_page_is_cleared_up_and_comes_back(server, page):
    page.goto(server)
    wait_for_plots(page)
    page.evaluate("window.left = [...document.querySelectorAll('.js-plotly-plot')]")
    page.get_by_text("shown").click()
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    page.wait_for_function("left.every(plot => !plot._fullLayout && !plot.isConnected)")
    page.get_by_text("shown").click()
    wait_for_plots(page)
    assert page.evaluate("document.querySelectorAll('script[src*=plotly]').length") == 1
    loads = "performance.getEntriesByType('resource').filter(entry => entry.name.includes('plotly.min')).length"
    assert page.evaluate(loads) == 1


def test_a_clean_up_while_the_next_update_is_under_way_leaves_the_figure(server, page):
    page.goto(f"{server}/?still")
    wait_for_plots(page)
    content = list(packed(charts.loss_curve(np.ones(3), [], log=False), "three losses"))
    drawn = """async (content) => {
        const script = document.querySelector('script[src*=plotly]').src.replace('plotly.min.js', 'live_figure.js');
        const { default: draw } = await import(script);
        const parentElement = document.createElement('div');
        document.body.append(parentElement);
        const clear = draw({ data: new Uint8Array(content), parentElement });
        const figure = parentElement.firstElementChild;
        const later = () => new Promise(done => setTimeout(done, 50));
        clear();
        await later();
        const kept = parentElement.firstElementChild === figure;
        parentElement.remove();
        clear();
        await later();
        return [kept, parentElement.childElementCount];
    }"""
    assert page.evaluate(drawn, content) == [True, 0]


def test_files_are_compressed_and_kept_for_ever(server, page):
    page.goto(f"{server}/?still")
    wait_for_plots(page)
    address = page.evaluate("document.querySelector('script[src*=plotly]').src")
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert 1_000_000 < len(answer.read()) < 1_700_000
    with urllib.request.urlopen(address) as plain:
        assert plain.headers["Content-Encoding"] is None
        assert len(plain.read()) > 4_000_000
    folder, name = address.rsplit("/", 1)
    with urllib.request.urlopen(f"{folder[:-16]}{'0' * 16}/{name}") as stale:
        assert stale.headers["Cache-Control"] == "no-cache"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{folder}/other.js")
