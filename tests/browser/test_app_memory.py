"""Memory tasks, gradients, sweeps and challenges, as a person uses them."""

import re

from playwright.sync_api import expect


def test_the_automaton_follows_the_letters_that_were_read(visit):
    tab = visit(viewport={"width": 1280, "height": 1400})
    tab.open("predict", run=tab.train_preset("reber", ends="Stopped early"))
    expect(tab.page.get_by_text("256 of 256")).to_be_visible()
    drawn = tab.page.locator(".st-key-automaton svg").first      # a second one is for narrow screens
    expect(drawn).to_have_attribute("aria-label", re.compile("in state"))
    steps = tab.page.get_by_role("slider", name="Symbols read")
    steps.press("Home")
    expect(drawn).to_have_attribute("aria-label", re.compile(r"in state 1, and may come next: T, P\."))
    steps.press("ArrowRight")
    expect(drawn).to_have_attribute("aria-label", re.compile(r"in state (2|10), and may come next: B\."))


def test_the_gradient_is_shown_at_every_moment_of_training(visit):
    tab = visit().open("memory", memory_section="gradients")
    tab.page.get_by_text("This run", exact=True).click()        # it begins with three cells side by side
    chart = tab.page.locator(".st-key-memory_run_lstm [role=img]")
    expect(chart).to_be_visible()
    trained_words = chart.get_attribute("aria-label")
    tab.page.get_by_role("slider", name="Moment of training").press("Home")
    expect(chart).not_to_have_attribute("aria-label", trained_words)
    expect(tab.page.get_by_text(re.compile("forget gates of the steps between multiply to"))).to_be_visible()


def test_a_sweep_survives_a_reload_and_ends_with_all_its_runs(visit, person):
    tab = visit()
    tab.page.goto(f"{tab.server.address}/compare?compare_section=sweep&epochs=3&hidden=4")
    for key, values in (("sweep_hidden", "2, 4"), ("sweep_steps", "5, 10")):
        tab.write(key, values)
    expect(tab.page.get_by_text(re.compile("12 runs"))).to_be_visible()
    tab.still()
    tab.button("sweep_start").click()
    tab.page.wait_for_url(re.compile("sweep="))
    tab.page.reload()
    tab.wait_until("Done", timeout=60)
    expect(tab.progress).to_contain_text("12 of 12 runs")
    expect(tab.page.locator(".st-key-sweep_map [role=img]")).to_be_visible()
    stranger = visit(person())              # another browser, other cookies
    stranger.page.goto(tab.page.url)
    stranger.wait_until("Done")
    expect(stranger.page.get_by_text("another browser")).to_be_visible()


def test_a_challenge_is_opened_tried_and_judged(visit):
    tab = visit().open("challenges", challenge="letters")
    tab.button("open_start").click()
    tab.page.wait_for_url(re.compile("/train"))
    expect(tab.page.locator(".st-key-line_letters")).to_contain_text("at most 40 weights")
    tab.still()
    tab.choose("pace", "full speed")
    tab.still()
    tab.start()
    tab.wait_until("Done")
    tab.page.locator(".st-key-line_letters a").click()
    tab.page.wait_for_url(re.compile("challenge=letters"))
    expect(tab.page.get_by_text("It has 201 weights and biases; at most 40 are allowed.")).to_be_visible()
