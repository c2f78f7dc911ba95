"""The pages beside Train and the cell, as a person uses them: from a preset to what it shows."""

import re

from playwright.sync_api import expect


def test_from_a_card_to_the_letters_it_learned(visit):
    tab = visit().open("")
    card = tab.page.locator(".st-key-card_s4c")
    expect(card.locator("img")).to_be_visible()
    card.click(position={"x": 20, "y": 20})     # all of it is the link
    tab.page.wait_for_url(re.compile("/train"))
    expect(tab.page.locator(".st-key-preset_box")).to_contain_text("Three letters")
    tab.still()
    tab.choose("pace", "full speed")
    tab.still()
    tab.start()
    tab.wait_until("Done")
    tab.page.locator(".st-key-preset_box").get_by_text("look at it on the page Letters").click()
    tab.page.wait_for_url(re.compile("/letters"))
    expect(tab.page.get_by_text(re.compile(r"the network names"))).to_be_visible()
    tab.page.get_by_role("textbox", name="Letters to read").fill("ghi")
    tab.page.get_by_role("textbox", name="Letters to read").press("Enter")
    expect(tab.page.get_by_text(re.compile(r"After ghi the network names j"))).to_be_visible()
    tab.page.get_by_role("textbox", name="Letters to read").fill("ghz")
    tab.page.get_by_role("textbox", name="Letters to read").press("Enter")
    expect(tab.page.get_by_text(re.compile("knows the letters"))).to_be_visible()


def test_a_drawn_digit_is_named(visit):
    tab = visit(viewport={"width": 1280, "height": 1400})
    tab.open("predict", run=tab.train_preset("s1_digits", epochs=4))
    expect(tab.page.get_by_text("Nothing is drawn yet")).to_be_visible()
    board = tab.page.locator(".digit-grid-board")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    middle = box["x"] + box["width"] / 2
    tab.page.mouse.move(middle, box["y"] + 2)
    tab.page.mouse.down()
    for step in range(1, 20):           # a straight stroke from top to bottom
        tab.page.mouse.move(middle, box["y"] + 2 + (box["height"] - 4) * step / 19)
    tab.page.mouse.up()
    expect(tab.page.get_by_text("The network says 1, with a probability of")).to_be_visible()


def test_a_forecast_stands_beside_the_naive_ones_and_runs_freely(visit):
    tab = visit()
    tab.open("predict")
    table = tab.page.locator("table").first
    expect(table).to_contain_text("Persistence")
    expect(table).to_contain_text("Linear autoregression")
    tab.page.get_by_role("radio", name="Running freely").click()
    expect(tab.page.get_by_text(re.compile("known row|last known", re.I)).first).to_be_visible()
    tab.still()
    with tab.page.expect_download() as download:
        tab.page.get_by_text("Weights as text").click()
    assert download.value.suggested_filename.endswith(".txt")


def test_two_ways_of_back_propagation_learn_side_by_side(visit):
    tab = visit().open("shapes", shapes_section="cut")
    tab.button("cut_train").click()
    chart = tab.page.locator(".st-key-cut_losses .js-plotly-plot")
    expect(chart).to_be_visible()
    expect(tab.button("cut_train")).to_be_enabled(timeout=60_000)
    assert len(chart.evaluate("node => node.data.map(line => line.name)")) == 2


def test_a_link_to_exactly_this_is_shown_as_a_code_for_phones(visit):
    tab = visit().open("cell")
    tab.page.get_by_role("button", name="QR code").click()
    dialog = tab.page.get_by_role("dialog", name="QR code")
    tab.page.wait_for_function("document.querySelector('.cv-qr img').naturalWidth > 0")
    address = dialog.locator("p").inner_text()
    assert address.startswith(f"{tab.server.address}/cell?")
    assert "&run=" in address
    assert "&unit=" in address
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator(".cv-qr")).to_have_count(0)
