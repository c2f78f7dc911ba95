"""What an address holds, and where the app may be served."""

from playwright.sync_api import expect


def test_an_address_holds_the_settings(visit, person):
    tab = visit().open(source="waves", epochs="4").still()
    tab.write("hidden", 24)
    tab.page.wait_for_url("**hidden=24**")
    tab.page.locator(".st-key-cell").get_by_text("GRU").click()
    tab.page.wait_for_url("**cell=gru**")
    tab.page.locator(".st-key-wave").get_by_text("Square").click()
    tab.page.wait_for_url("**wave=square**")
    tab.write("seed", 7)
    tab.page.wait_for_url("**seed=7**")
    tab.still()

    other = visit(person())                 # another browser, other cookies
    other.page.goto(tab.page.url)
    other.settled().still()
    for key in ("hidden", "seed", "period", "length", "steps", "epochs", "batch"):
        assert other.value(key) == tab.value(key), key
    assert other.value("hidden") == "24"
    for key, name in (("cell", "GRU"), ("wave", "Square")):
        expect(other.page.locator(f".st-key-{key}").get_by_role("radio", name=name)).to_be_checked()
    assert other.query == tab.query

    for each in (tab, other):
        each.choose("pace", "full speed")
        each.still()
    one, two = tab.start(), other.start()   # same spec, same seed: same result
    for each in (tab, other):
        each.wait_until("Done")
    (mine, my_last, _), (theirs, their_last, _) = tab.server.stored(one), tab.server.stored(two)
    assert mine.facts.spec == theirs.facts.spec
    assert mine.facts.spec.model.layers[0].hidden == 24
    assert mine.losses.tobytes() == theirs.losses.tobytes()
    for name, weights in my_last.weights.items():
        assert weights.tobytes() == their_last.weights[name].tobytes()


def test_an_address_with_nonsense_is_told_and_the_page_stands(visit):
    tab = visit().open(source="waves", hidden="many")
    expect(tab.page.get_by_role("alert")).to_contain_text(["many"])
    assert tab.value("hidden") == "32"


def test_the_app_can_be_served_under_a_path_prefix(own_server, visit):
    server = own_server("some/lab")
    assert server.address.endswith("/some/lab")
    tab = visit(server=server).open("")
    tab.page.get_by_role("link", name="Explore freely").click()
    tab.button("train").wait_for()
    tab.open("train", source="waves", epochs="2")
    run = tab.start()
    tab.wait_until("Done")
    assert tab.pictures         # the stream lies under the prefix as well
    expect(tab.page.locator(".st-key-loss .main-svg").first).to_be_visible()
    tab.page.locator("[data-testid=stTopNavLink]").filter(has_text="Inside the cell").click()
    expect(tab.page.locator("canvas[aria-label='Forget gate f']")).to_be_visible()
    expect(tab.page.locator(".cv-hand:not(.cv-stale) .cv-card").first).to_be_visible()
    assert "NaN" not in tab.page.locator(".cv").inner_text()
    tab.shows(run)
    assert "/some/lab/cell" in tab.page.url
