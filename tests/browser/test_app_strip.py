"""The strip of page Train in a browser: it moves while a run trains, it can be read, and it leads Inside the cell."""

import re

from playwright.sync_api import expect

LONG = {"source": "waves", "length": 400, "steps": 12, "hidden": 6, "layers": 2, "output": "every", "batch": 16,
        "epochs": 5000}

# Counts the moments of training that are shown and the pictures of them, frame by frame, by one column of pixels.
WATCHED = """async () => {
    const canvas = document.querySelector('.strip-moving');
    const nodes = [...document.querySelectorAll('.strip, .strip *')];
    let [pictures, moments, picture, moment] = [0, 0, '', ''];
    const end = performance.now() + 15000;
    while (moments < 6 && performance.now() < end) {
        const x = Math.floor(canvas.width * 0.7);
        const now = [canvas.getContext('2d').getImageData(x, 0, 1, canvas.height).data.join(),
                     document.querySelector('.strip-moment').textContent];
        if (now[0] !== picture) pictures += 1;
        if (now[1] !== moment) moments += 1;
        [picture, moment] = now;
        await new Promise(requestAnimationFrame);
    }
    return {pictures, moments, kept: nodes.every((node) => node.isConnected)};
}"""


def test_the_strip_moves_while_a_run_trains_and_a_click_leads_inside_the_cell(visit):
    tab = visit().open(**LONG)
    strip, moment = tab.page.locator(".strip"), tab.page.locator(".strip-moment")
    tab.start()
    expect(moment).to_have_text(re.compile(r"after update [1-9]"))
    seen = tab.page.evaluate(WATCHED)
    assert seen["moments"] >= 6
    assert seen["pictures"] >= seen["moments"] + 3      # between two moments the values glide
    assert seen["kept"]

    strip.locator("select").select_option("4")          # unit 5
    tab.button("pause").click()
    field = strip.locator(".strip-field")
    field.focus()
    tab.page.keyboard.press("Home")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        tab.page.keyboard.press(key)
    told = strip.locator(".strip-tip")
    expect(told).to_contain_text(re.compile(r"Forget gate f: 0\.\d+"))
    expect(told).to_contain_text("LSTM layer 2: unit 5, time step 3")
    expect(told).to_contain_text("It keeps the cell state")
    expect(strip.locator(".run-spoken")).to_contain_text("Forget gate f")

    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(re.compile("/cell"))
    bar = tab.page.locator(".cv-bar-top")
    expect(bar.locator("select").first).to_have_value("1")      # layer 2
    expect(bar.locator("input")).to_have_value("5")
    expect(tab.page.locator(".cv-line-sequence .cv-where")).to_contain_text("step 3 of 12")
    assert not tab.complaints


def test_without_motion_the_strip_shows_only_what_was_told(visit):
    tab = visit()
    tab.page.emulate_media(reduced_motion="reduce")
    tab.open(**LONG)
    tab.start()
    expect(tab.page.locator(".strip-moment")).to_have_text(re.compile(r"after update [1-9]"))
    seen = tab.page.evaluate(WATCHED)
    assert seen["moments"] >= 6
    assert seen["pictures"] <= seen["moments"]
    tab.button("stop").click()


def test_on_a_phone_the_strip_moves_sideways_and_the_page_does_not(visit):
    tab = visit()
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.open(source="waves", length=400, steps=40, hidden=4, epochs=1)
    tab.start()
    expect(tab.page.locator(".strip-field")).to_be_visible()
    wide = tab.page.evaluate("""() => {
        const field = document.querySelector('.strip-field');
        return {page: document.documentElement.scrollWidth - innerWidth, strip: field.scrollWidth - field.clientWidth};
    }""")
    assert wide["page"] <= 0
    assert wide["strip"] > 0
