"""The cell view explains itself: what is drawn, its equations one at a time, and its weights over time."""

import re

import pytest
from playwright.sync_api import expect

from lstm_core import cells
from lstm_core.inside.equation_steps import equation_steps
from tests.browser.cell_look import close, truth
from tests.browser.parts import networks

# -- explanation at the thing ------------------------------------------------------------------------------------


DRAWN = """.cv-drawing *, .cv-unrolled-drawing :not(.cv-here, .cv-name), .cv-picture canvas, .cv-legend *,
    .cv-axis, .cv-units, .cv-stages span, .cv-track, .cv-bar, .cv-figures > div, .cv-truth, .cv-n"""
SILENT = """drawn => [...document.querySelectorAll(drawn)].filter(node => !node.closest('[data-says]'))
    .map(node => node.outerHTML)"""
SAID = """() => [...document.querySelectorAll('.cv [data-says]')].filter(node => node.checkVisibility({
        visibilityProperty: true }) && node.getBoundingClientRect().width + node.getBoundingClientRect().height > 0)
    .map(node => {
        const box = node.getBoundingClientRect();
        node.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, pointerType: 'mouse',
            clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }));
        const [name, text] = [...document.querySelector('.cv-bubble:not([hidden])')?.children ?? []];
        return [node.getAttribute('class') + ' ' + (node.dataset.part ?? ''), name?.textContent, text?.textContent];
    })"""


@pytest.mark.parametrize("network", ["lstm", "lstm97", "gru", "rnn", "words", "answers", "stacked", "changed", "tiny"])
def test_everything_that_is_drawn_says_what_it_is(look, network):
    tab = look().open(network).rested()
    assert tab.page.evaluate(SILENT, DRAWN) == []
    said = tab.page.evaluate(SAID)
    assert len(said) > 30
    for thing, name, text in said:
        if thing.startswith("cv-error"):        # nothing is off where the truth is not known
            continue
        assert name, thing
        assert re.search(r"\w.*\.$", text or ""), (thing, name, text)
        assert not re.search(r"[{}]|undefined|null|NaN", name + text), (thing, name, text)
    gates = [name for thing, name, _text in said if thing.startswith("cv-part cv-box")]
    assert all(re.search(r" = -?[\d.]", name) for name in gates)
    assert gates


@pytest.mark.parametrize("network", ["lstm", "gru", "rnn"])
def test_the_keyboard_reaches_every_part_of_the_drawing_and_escape_closes(look, network):
    tab = look().open(network).rested()
    parts = set(tab.page.evaluate("[...document.querySelectorAll('.cv-drawing > *')].map(node => node.dataset.part)"))
    tab.page.keyboard.press("Tab")
    tab.page.locator(".cv-drawing [tabindex='0']").focus()
    reached = {}
    for _step in range(len(parts)):
        focused = tab.page.evaluate("document.activeElement.dataset.part")
        reached[focused] = tab.bubble.inner_text()
        expect(tab.page.locator(":focus")).to_have_attribute("aria-describedby", tab.bubble.get_attribute("id"))
        tab.page.keyboard.press("ArrowRight")
    assert set(reached) == parts
    assert all(reached.values())
    before = tab.bubble.inner_text()
    tab.page.keyboard.press("ArrowDown")        # the next unit: the bubble stays and has its numbers
    expect(tab.bubble).not_to_have_text(before)
    tab.page.keyboard.press("Escape")
    expect(tab.bubble).to_be_hidden()


def test_a_tap_explains_and_a_tap_elsewhere_closes(look):
    tab = look(has_touch=True, viewport={"width": 390, "height": 844}).open("lstm").rested()
    tab.page.get_by_role("button", name="One unit").tap()       # which then has the focus, and loses it
    tab.page.locator(".cv-box[data-part=f] .cv-gate").tap()
    tab.drawn()
    expect(tab.bubble).to_contain_text("Forget gate f = ")
    box = tab.bubble.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    tab.page.locator(".cv-story").tap()
    expect(tab.bubble).to_be_hidden()
    tab.page.locator(".cv-picture canvas").nth(1).tap()
    tab.drawn()
    assert tab.unit > 1
    expect(tab.bubble).to_contain_text("Forget gate f = ")
    expect(tab.bubble).to_contain_text(f"unit {tab.unit}, time step 13")


# -- one thing at a time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", ["lstm", "lstm97", "gru", "rnn"])
def test_the_equations_are_told_one_at_a_time_with_their_numbers_and_their_part_lit(look, network):
    tab = look().open(network, equations="One at a time").rested()
    cell = networks.MODELS[network].cell_type
    steps = equation_steps(cell)
    tab.press("ArrowLeft").rested()
    layer, at = truth(network, int(networks.updates(network)[-1])).layers[0], tab.at("sequence") - 1
    for number, step in enumerate(steps, 1):
        card = tab.page.locator(".cv-card")
        expect(card).to_have_count(1)
        expect(card.locator("h5 span")).to_contain_text(f"{number} of {len(steps)} · {step.kind.capitalize()}: ")
        assert tab.page.locator(".cv-drawing .cv-lit").count() >= 1
        last = card.locator(".cv-n").last.inner_text()
        value = {"sum": lambda name: layer.pre[name][at, 0], "squash": lambda name: layer.gates[name][at, 0],
                 "write": lambda name: getattr(layer, name)[at, 0], "show": lambda _name: layer.h[at, 0]}.get(step.kind)
        if value and step.name != "u":
            assert close(last, value(step.name), 4), step
        assert not re.search(r"[{}]|undefined", card.inner_text())
        tab.page.get_by_role("button", name="Next", exact=True).click()
    expect(tab.slider("sequence")).to_have_attribute("aria-valuenow", str(at + 2))      # the next time step
    tab.drawn().rested()
    expect(tab.page.locator(".cv-card h5 span")).to_contain_text("1 of ")
    tab.page.get_by_role("button", name="Back", exact=True).click()
    expect(tab.slider("sequence")).to_have_attribute("aria-valuenow", str(at + 1))
    expect(tab.page.locator(".cv-card h5 span")).to_contain_text(f"{len(steps)} of {len(steps)}")


def test_how_the_equations_are_told_is_remembered(look):
    tab = look().open("lstm", equations="All at once").rested()
    tab.page.reload()
    expect(tab.page.locator(".cv-card")).to_have_count(6)
    tab.page.get_by_role("button", name="One at a time").click()
    expect(tab.page.locator(".cv-card")).to_have_count(1)
    tab.page.reload()
    expect(tab.rested().page.locator(".cv-card")).to_have_count(1)


# -- the same weights at every time step --------------------------------------------------------------------------


def test_a_weight_is_one_and_the_same_at_every_time_step(look):
    tab = look().open("tiny").rested()
    lines = tab.page.locator(".cv-weight[data-weight='0/U/1/0']")
    columns = tab.page.locator(".cv-unrolled-drawing .cv-name").count() - 1
    assert columns > 3
    expect(lines).to_have_count(columns)
    assert len(set(lines.evaluate_all("all => all.map(one => one.lastChild.getAttribute('stroke-width'))"))) == 1
    lines.nth(1).locator(".cv-reach").dispatch_event("pointerover", {"bubbles": True})
    expect(tab.page.locator(".cv-weight.cv-lit")).to_have_count(columns)
    tab.page.get_by_label("Weights of").select_option("o")
    tab.page.keyboard.press("Tab")
    lines.last.focus()
    weight = cells.gate_weights("lstm", networks.weights("tiny", 3000), 0)["o"].U[1, 0]
    expect(tab.bubble).to_contain_text("to unit 2 of Output gate o. All 24 time steps share this one number.")
    assert close(tab.bubble.locator("b").inner_text().removeprefix("Weight = "), weight, 5)


def test_only_a_small_layer_is_drawn_unrolled(look):
    assert not look().open("lstm").rested().page.locator(".cv-unrolled").is_visible()


def test_a_decoder_has_weights_of_its_own(look):
    tab = look().open("answers").rested()
    read = tab.page.evaluate("[...document.querySelectorAll('.cv-weight')].map(line => line.dataset.weight.split('/'))")
    assert {stage for stage, *_rest in read} == {"0", "1"}
    symbols = {int(source) for _stage, kind, _to, source in read if kind == "W"}
    assert symbols <= set(networks.x("answers").tolist())       # of one-hot symbols the one that is read


# -- a link to exactly this ---------------------------------------------------------------------------------------


def test_a_link_to_exactly_this_is_copied_or_stands_there_to_be_copied(look):
    tab = look().open("lstm").rested()
    tab.press("ArrowLeft", "ArrowDown")
    tab.page.evaluate("""() => Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
        writeText: async (text) => { window.copied = text; } } })""")
    tab.page.get_by_role("button", name="Copy link to exactly this").click()
    expect(tab.page.locator(".cv-copy")).to_have_text("Copied")
    assert tab.page.evaluate("copied").endswith("?run=lstm&layer=1&unit=2&step=23&update=3000")
    tab.page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('not allowed'); }; }")
    tab.page.locator(".cv-copy").click()
    expect(tab.page.locator(".cv-address")).to_have_value(tab.page.evaluate("copied"))
