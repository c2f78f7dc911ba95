"""The stream of a run where tabs are many, the way is slow, or somebody asks for far too much."""

import pytest

from lstm_core import limits
from lstm_core.ui.live.status import STREAM
from tests.browser.conftest import Visit
from tests.browser.line import Line

NOISY = {"source": "waves", "wave": "sum", "noise": "0.3", "length": "300", "steps": "10", "hidden": "8", "batch": "16",
         "epochs": "2000"}
# Opens so many streams of a run and asks each for a picture; returns how many answered, and the words of refusal.
OPEN = """([address, run, count]) => new Promise(done => {
    const told = { pictures: 0, refused: 0, open: [] };
    let heard = 0;
    for (let at = 0; at < count; at++) {
        const socket = new WebSocket(new URL(address, document.baseURI).href.replace('http', 'ws'));
        socket.binaryType = 'arraybuffer';
        socket.onopen = () => socket.send(JSON.stringify({ run, looks: [] }));
        socket.onmessage = ({ data }) => {
            const words = new TextDecoder().decode(data);
            if (words.includes('watch a training already')) told.refused++; else told.pictures++;
            told.open.push(socket);
            if (++heard === count) done([told.pictures, told.refused]);
        };
    }
    window.streams = told.open;
})"""


@pytest.fixture
def slow(app):
    """The server over a proxy that holds everything for half a second before it passes it on."""
    line = Line(app, hold=0.5)
    yield line
    line.close()


def seconds_for(tab, updates):
    """Return how long it takes until so many more updates are on the screen, measured within the page."""
    return tab.page.evaluate("""updates => new Promise(done => {
        const shown = () => Number(document.querySelector('.run-value').innerText.replaceAll(',', ''));
        const [began, from] = [performance.now(), shown()];
        const look = () => shown() >= from + updates ? done((performance.now() - began) / 1000)
                                                     : requestAnimationFrame(look);
        look();
    })""", updates)


def test_six_tabs_of_one_browser_follow_one_run(visit):
    first = visit().open(**NOISY)
    run = first.start()
    others = [visit().open(run=run) for _ in range(5)]
    for tab in (first, *others):
        tab.wait_until("In training")
        tab.page.bring_to_front()       # a browser rests those behind
        tab.pictures.clear()
        tab.wait_for_updates(tab.updates + 20)
        assert tab.pictures
    first.button("stop").click()
    for tab in (first, *others):
        tab.wait_until("Stopped")


def test_a_proxy_that_collects_before_it_sends_only_makes_it_slower(new_page, slow):
    tab = Visit(slow, new_page()).open(**NOISY)
    tab.choose("pace", "20 updates/s")
    tab.start()
    tab.wait_for_updates(tab.updates + 60)
    tab.pictures.clear()
    assert seconds_for(tab, 40) < 8
    assert 2 <= len(tab.pictures) <= 16         # one for each way there and back
    tab.button("stop").click()
    tab.wait_until("Stopped")
    assert tab.complaints == []
    tab.leave()


def test_two_hundred_streams_of_one_browser_are_refused_and_others_are_unharmed(visit, person):
    honest = visit().open(**NOISY)
    run = honest.start()
    honest.wait_for_updates(60)
    before = seconds_for(honest, 60)
    greedy = visit(person()).open(run=run)
    pictures, refused = greedy.page.evaluate(OPEN, [STREAM, run, 200])
    assert pictures + refused == 200
    assert 0 < pictures <= limits.STREAMS
    honest.page.bring_to_front()
    assert seconds_for(honest, 60) < 3 * before + 1
    greedy.page.evaluate("() => streams.forEach(stream => stream.close())")
    honest.button("stop").click()
    honest.wait_until("Stopped")
