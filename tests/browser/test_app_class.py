"""A class as its people use it: a teacher with the wall, learners on other pages of the lab, one real server."""

import re
import signal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from benchmarks.streamed import unpacked
from lstm_core.ui.classroom import keys
from lstm_core.ui.classroom.api import PATH, REST

PARTS = ("ask", "try", "bring", "people", "more")       # of the teacher's controls, in their order
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
CHINESE = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", "color_scheme": "dark"}


class Member:
    """Somebody in a class: a tab, and the pictures of the class that came to it."""

    def __init__(self, tab):
        self.tab, self.page, self.pictures = tab, tab.page, []
        self.page.on("websocket", self._connected)

    def _connected(self, socket):
        if urlsplit(socket.url).path.endswith(f"/{PATH}"):
            socket.on("framereceived", lambda frame: self.pictures.append(unpacked(bytes(frame))))


class Teacher(Member):
    """The one who teaches, with controls and wall in one tab."""

    def __init__(self, tab):
        super().__init__(tab)
        self.page.set_viewport_size({"width": 1600, "height": 900})
        self.wall = self.page.locator(".wall")
        self.counted = self.wall.locator(".wall-tally-count")

    def opens(self):
        self.tab.open("class")
        self.tab.button("class_open").click()
        self.turn("more")
        self.link = self.page.locator("[data-testid=stSidebar] [data-testid=stCode]").first.inner_text().strip()
        return self

    def turn(self, part):
        self.page.locator(".st-key-class_shows button").nth(PARTS.index(part)).click()
        self.tab.still()

    def pick(self, key, words):
        self.page.locator(f".st-key-{key} input").click()
        self.page.get_by_role("option").filter(has_text=words).first.click()
        self.tab.still()

    def press(self, *steps):
        for step in steps:
            self.tab.button(f"class_{step}").click()
            self.tab.still()

    def ask(self, lesson):
        """Ask the first question of a lesson."""
        self.turn("ask")
        self.pick(keys.LESSON, lesson)
        self.press("ask")

    def ask_own(self, text, *options):
        """Ask a question of one's own, with options to choose from or for a number from 0 to 100."""
        self.turn("ask")
        self.page.locator("[data-testid=stExpander] summary").first.click()
        self.page.locator(f".st-key-{keys.TEXT} textarea").fill(text)
        if options:
            self.page.locator(f".st-key-{keys.OPTIONS} textarea").fill("\n".join(options))
        else:
            self.page.locator(f".st-key-{keys.KIND} button").nth(1).click()
        self.tab.still()
        self.press("ask_own")

    def bring(self, lesson, card):
        """Bring all to a card of a lesson."""
        self.turn("bring")
        self.pick(keys.GOAL_LESSON, lesson)
        self.pick(keys.GOAL_CARD, card)
        self.press("bring")

    @property
    def bars(self):
        """Return the counts of the votes on the wall: a list for each option."""
        return [[int(count) for count in row.locator(".wall-count b").all_inner_texts()]
                for row in self.wall.locator(".wall-bar-row").all()]


class Learner(Member):
    """One who has joined, with the bar at the foot of the page."""

    def __init__(self, tab):
        super().__init__(tab)
        self.bar = self.page.locator(".class-bar")
        self.note = self.bar.locator(".class-note")
        self.send = self.bar.locator(".class-foot .class-main")

    def joins(self, link, name=""):
        self.page.goto(link)
        if name:
            self.tab.write(keys.NAME, name)
        self.tab.button("class_join").click()
        expect(self.page.locator(".st-key-class_me")).to_be_visible()
        self.stands("nothing")
        return self

    def stands(self, state):
        expect(self.bar).to_have_attribute("data-state", state)

    def choose(self, option):
        self.bar.locator(".class-option").nth(option).click()
        self.sends()

    def sends(self):
        self.send.click()
        expect(self.note).to_have_attribute("data-note", "arrived")


@pytest.fixture
def teacher(visit, person):
    return Teacher(visit(person())).opens()


@pytest.fixture
def joined(teacher, visit, person):
    """Let learners in; one whose browser is a usual one needs no settings."""
    def join(name="", **settings):
        tab = visit(**settings) if settings else visit(person())
        return Learner(tab).joins(teacher.link, name)
    return join


def questions(member):
    """Return what came to a member of the class while a question was open."""
    return [item for picture in member.pictures if (item := picture.get("item")) and item["phase"] == "open"]


def test_answers_from_other_pages_are_counted_on_the_wall_and_seen_only_when_all_is_closed(teacher, joined):
    phone, chinese = joined(**PHONE), joined(**CHINESE)
    phone.tab.turn_to("shapes")
    chinese.tab.turn_to("memory")
    teacher.ask("A network that remembers")
    phone.choose(0)
    expect(teacher.counted).to_have_text("1 of 2 has answered")
    expect(chinese.bar.locator(".class-option").first).to_have_text(re.compile("[一-鿿]"))
    chinese.choose(1)
    expect(teacher.counted).to_have_text("2 of 2 have answered")
    expect(teacher.wall.locator(".wall-option")).to_have_count(3)
    expect(teacher.wall.locator(".wall-bar, .wall-count, .wall-names")).to_have_count(0)
    assert [item["votes"] for item in questions(teacher)][-1] == [{"count": 2}]
    assert all(item["votes"][-1].keys() == {"count"} for item in questions(teacher))

    teacher.press("close")
    expect(teacher.wall.locator(".wall-bar-row")).to_have_count(3)
    assert teacher.bars == [[1], [1], [0]]
    phone.stands("is_closed")
    expect(phone.bar.locator(".class-outcome")).to_contain_text("Closed. Your answer:")
    teacher.press("again")
    phone.stands("is_again")
    expect(phone.bar.locator(".class-item")).to_contain_text("Your first answer:")
    phone.choose(1)
    chinese.choose(1)
    expect(teacher.counted).to_have_text("2 of 2 have answered")
    expect(teacher.wall.locator(".wall-bar, .wall-right")).to_have_count(0)
    assert all(item["votes"][-1].keys() == {"count"} for item in questions(teacher))
    teacher.press("close", "show")
    expect(teacher.wall.locator(".wall-right")).to_have_count(1)
    assert teacher.bars == [[1, 0], [1, 2], [0, 0]]
    expect(teacher.wall.locator(".wall-right .wall-letter")).to_have_text("B")
    expect(teacher.wall.locator(".wall-judged")).to_contain_text("1 of 2 right, then 2 of 2")
    expect(teacher.wall.locator(".wall-judged")).to_contain_text("1 changed from wrong to right, 0 from right to wrong")
    for learner, said in ((phone, "Right"), (chinese, "正确")):
        expect(learner.bar.locator("[data-verdict=right]")).to_contain_text(said)
        assert len(questions(learner)) >= 2
        for item in questions(learner):
            assert item.keys() == {"number", "kind", "phase", "vote", "counts", "text", "ask", "mine", "earlier",
                                   "truth", "verdict"}
            assert item["truth"] is item["verdict"] is None
    assert phone.page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_an_answer_by_keyboard_outlives_a_reload_with_its_draft_and_stands_in_another_tab(teacher, joined, visit):
    learner = joined()
    learner.tab.open("train")
    teacher.ask_own("How many gates has an LSTM?")
    learner.stands("is_open")
    field = learner.bar.locator(".class-number")
    for _key in range(5):
        learner.page.keyboard.press("Shift+Tab")        # the bar is the last thing of a page
        if field.evaluate("node => node === document.activeElement"):
            break
    else:
        pytest.fail("Shift and Tab never reached the bar")
    ring = field.evaluate("node => getComputedStyle(node).outlineStyle + getComputedStyle(node).outlineWidth")
    assert ring == "solid2px"
    learner.page.keyboard.type("4")
    learner.page.keyboard.press("Tab")
    learner.page.keyboard.press("Enter")
    expect(learner.note).to_have_attribute("data-note", "arrived")
    expect(teacher.counted).to_have_text("1 of 1 has answered")
    learner.page.keyboard.press("Shift+Tab")
    learner.page.keyboard.press("Control+A")
    learner.page.keyboard.type("3")
    expect(learner.note).to_have_attribute("data-note", "changed")

    learner.page.reload()
    expect(field).to_have_value("3")
    expect(learner.note).to_have_attribute("data-note", "changed")
    second = Learner(visit(learner.page.context))
    second.tab.open("cell")
    expect(second.bar.locator(".class-number")).to_have_value("4")
    expect(second.note).to_have_attribute("data-note", "arrived")
    second.bar.locator(".class-number").fill("5")
    second.sends()
    expect(field).to_have_value("3")        # what is being written is not taken away
    teacher.press("close")
    expect(learner.bar.locator(".class-outcome")).to_contain_text("Closed. Your answer: 5")
    expect(learner.bar.locator(".class-late")).to_contain_text("3")
    learner.page.evaluate("document.activeElement.blur()")
    learner.page.keyboard.press("Escape")
    expect(learner.bar.locator(".class-panel")).to_be_hidden()


def test_markup_in_names_questions_and_options_is_text_everywhere(teacher, joined):
    learner = joined("<b>x</b> {all} $1$")
    bad = '<img src=x onerror="document.title=1">'
    teacher.ask_own(f"{bad} <script>document.title = 1</script>", bad, "<style>* {{display: none}}</style>")
    learner.stands("is_open")
    for place in (teacher.wall.locator(".wall-ask"), learner.bar.locator(".class-text")):
        expect(place).to_contain_text(f"{bad} <script>document.title = 1</script>")
    for option in (teacher.wall.locator(".wall-option-name"), learner.bar.locator(".class-option")):
        expect(option.first).to_contain_text(bad)
    learner.choose(0)
    teacher.turn("more")
    teacher.page.locator(f".st-key-{keys.NAMES} label").click()
    teacher.turn("ask")
    teacher.press("close")
    expect(teacher.wall.locator(".wall-names")).to_have_text("<b>x</b> {all} $1$")
    expect(learner.bar.locator(".class-who")).to_contain_text("<b>x</b> {all} $1$")
    for member in (teacher, learner):
        assert member.page.locator(":is(.wall-stage, .class-bar) :is(img, script, style)").count() == 0
        assert member.page.title() != "1"


def test_all_are_brought_to_a_card_but_those_who_stay_or_write(teacher, joined):
    follows, stays, writes = joined(), joined(), joined()
    follows.tab.turn_to("challenges")
    stays.tab.turn_to("challenges")
    writes.tab.turn_to("letters")
    text = writes.page.get_by_role("textbox", name="Letters to read")
    text.fill("gh")
    teacher.bring("The cell, gate by gate", "5 ·")
    for learner in (follows, stays):
        expect(learner.bar.locator(".class-notice")).to_contain_text("The cell, gate by gate")
    stays.bar.get_by_role("button", name="Stay here").click()
    follows.page.wait_for_url(re.compile(r"/learn\?.*lesson=gates.*card=zero"))
    expect(follows.page.locator(".st-key-answer_gates_zero")).to_be_visible()
    expect(follows.page.get_by_text("That card is not open yet")).to_have_count(0)
    expect(writes.bar.locator(".class-soon")).to_contain_text("You are writing")
    assert writes.page.url.split("?")[0].endswith("/letters")
    expect(text).to_have_value("gh")
    expect(text).to_be_focused()
    assert stays.page.url.split("?")[0].endswith("/challenges")
    text.press("Tab")
    writes.page.wait_for_url(re.compile(r"/learn\?.*card=zero"))
    stays.bar.get_by_role("button", name="Go to").click()
    stays.page.wait_for_url(re.compile(r"/learn\?.*card=zero"))

    follows.tab.still()
    follows.page.locator(".st-key-answer_gates_zero input").first.fill("0")     # and on from there, as in any lesson
    follows.page.keyboard.press("Tab")
    follows.tab.still().button("commit").click()
    follows.tab.still().button("card_on").click()
    follows.page.wait_for_url("**card=hold_zero**")
    stays.tab.turn_to("train")
    teacher.page.locator(f".st-key-{keys.HOLD} label").click()
    expect(stays.page.locator(".st-key-hidden input")).to_be_disabled()
    expect(stays.bar.locator(".class-held")).to_contain_text("Your teacher has locked the controls.")
    teacher.tab.button("class_free").click()        # while the page that is locked is being drawn
    expect(stays.page.locator(".st-key-hidden input")).to_be_enabled(timeout=0.75 * REST * 1000)
    expect(stays.bar.locator(".class-held")).to_be_hidden()


def test_a_class_trains_one_network_with_other_seeds_and_the_wall_shows_mean_and_spread(teacher, joined):
    learners = [joined(), joined()]
    teacher.tab.turn_to("train", source="waves", length=300, steps=8, hidden=4, epochs=2)
    teacher.tab.turn_to("class")
    teacher.turn("try")
    teacher.press("try")
    for learner in learners:
        learner.stands("is_experiment")
        learner.bar.get_by_role("button", name="Train", exact=True).click()
    for learner in learners:
        learner.page.wait_for_url(re.compile(r"/train\?.*run="))
        learner.stands("run_done")
        expect(learner.page.locator(".run-status")).to_have_attribute("data-run", learner.tab.query["run"])
    dots = teacher.wall.locator(".wall-points .wall-dot")
    expect(dots).to_have_count(2)
    expect(teacher.wall.locator(".wall-means .wall-mean")).not_to_have_count(0)
    expect(teacher.wall.locator(".wall-means .wall-spread")).to_have_count(1)
    expect(teacher.wall.locator(".wall-experiment-told")).to_contain_text(re.compile(r"^2 runs: [\d.]+ ± [\d.]+"))
    item = teacher.pictures[-1]["item"]
    results = [run["result"] for run in item["runs"]]
    (group,) = item["groups"]
    assert group["count"] == 2
    assert group["mean"] == pytest.approx(sum(results) / 2)
    assert group["deviation"] == pytest.approx(abs(results[0] - results[1]) / 2 ** 0.5)
    assert results[0] != results[1]


def test_a_class_outlives_its_server_and_the_tab_of_its_teacher(own_server, visit, person):
    server = own_server()
    teacher = Teacher(visit(person(), server=server)).opens()
    answers, drafts = (Learner(visit(person(), server=server)).joins(teacher.link) for _learner in range(2))
    teacher.turn("more")
    teacher.page.get_by_role("button", name="Show it").click()
    private = teacher.page.locator("[data-testid=stPopoverBody] [data-testid=stCode]").inner_text().strip()
    teacher.page.keyboard.press("Escape")
    teacher.bring("A network that remembers", "1 ·")
    for learner in (answers, drafts):
        learner.page.wait_for_url(re.compile(r"/learn\?.*lesson=by_hand"))
    teacher.ask_own("How many gates has an LSTM?")
    answers.bar.locator(".class-number").fill("4")
    answers.sends()
    drafts.bar.locator(".class-number").fill("3")
    expect(teacher.counted).to_have_text("1 of 2 has answered")

    members = (teacher, answers, drafts)
    server.end(signal.SIGKILL)
    expect(teacher.wall.locator(".wall-lost")).to_have_text("The connection is lost. Trying again …")
    answers.stands("lost")
    drafts.send.click()                     # it is kept, and sent when the connection is back
    expect(drafts.note).to_contain_text("sent when the connection is back")
    server.start()
    answers.stands("is_answered")
    drafts.stands("is_answered")
    expect(teacher.wall.locator(".wall-lost")).to_have_text("")
    expect(teacher.counted).to_have_text("2 of 2 have answered")
    expect(teacher.wall.locator(".wall-marks")).to_contain_text("A network that remembers")
    for member in members:
        member.page.locator("[data-test-connection-state=CONNECTED]").wait_for(timeout=60_000)
        member.tab.complaints.clear()       # it rightly complained that there was no server
    assert answers.bar.locator(".class-number").input_value() == "4"

    teacher.page.close()
    other = Teacher(visit(person(), server=server))
    other.page.goto(private)
    expect(other.counted).to_have_text("2 of 2 have answered")
    assert "teach" not in other.tab.query
    other.press("close")
    answers.stands("is_closed")
    expect(other.wall.locator(".wall-histogram, .wall-column").first).to_be_visible()
    assert [bar["count"] for bar in other.pictures[-1]["item"]["votes"][0]["bars"]].count(0) == 9
