"""The link for learners, as a teacher makes it and as a learner then finds the page."""

from playwright.sync_api import expect


def choose(tab, box, name, says):
    """Choose a control, and wait until the link says so."""
    tab.page.locator(f".st-key-{box} input").click()
    tab.page.keyboard.type(name)
    tab.page.get_by_role("option", name=name, exact=True).click()
    tab.page.keyboard.press("Tab")
    start = tab.page.url.split("?")[0]
    expect(tab.page.get_by_role("dialog").get_by_label("Link", exact=True)).to_have_value(
        f"{start}?source=waves&hidden=5{says}&lang=en")


def test_a_link_is_made_copied_and_opened_as_a_learner_would(visit):
    tab = visit().open(source="waves", hidden="5").still()
    tab.page.locator(".st-key-learner_link button").click()
    box = tab.page.get_by_role("dialog")
    choose(tab, "link_fixed", "Cell", "&fixed=cell")
    choose(tab, "link_fixed", "Hidden units", "&fixed=cell,hidden")
    choose(tab, "link_hidden", "Hidden units", "&hide=hidden&fixed=cell")
    choose(tab, "link_hidden", "Batch", "&hide=hidden,batch&fixed=cell")
    rows = box.locator(".st-key-learner_preview tr")
    expect(rows.filter(has_text="Hidden units")).to_contain_text("hidden")
    expect(rows.filter(has_text="Cell")).to_contain_text("fixed")
    code = box.get_by_role("img", name="QR code")
    tab.page.wait_for_function("picture => picture.complete && picture.naturalWidth > 0", arg=code.element_handle())
    with tab.page.context.expect_page() as opened:
        box.get_by_role("link", name="Open it as a learner would").click()
    learner = opened.value
    expect(learner.locator(".st-key-cell button", has_text="GRU")).to_be_disabled()
    expect(learner.get_by_text("2 controls are hidden by the link you opened")).to_be_visible()
    expect(learner.locator(".st-key-batch, .st-key-hidden")).to_have_count(0)
    expect(learner.locator(".st-key-lr input")).to_be_enabled()
    learner.close()
