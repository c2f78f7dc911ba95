"""People who come, train and go, over Streamlit's own websocket and the stream: nothing fails, nothing stays behind.

`make load` measures a whole class, `make load SOAK=30` is the long version of the second test, `make load CLASS=60`
that of the class with a teacher.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from benchmarks.load import class_hour
from benchmarks.load.classroom import PAGE, Learner, Teacher
from benchmarks.load.crowd import measure
from benchmarks.load.session import Session
from benchmarks.load.soak import soak
from lstm_core.ui.classroom import keys

STREAMLITS = 3          # open files of a session that Streamlit keeps for two minutes after its tab was closed


def run(coroutine):
    """Run it in a thread of its own: where Playwright is in use, its loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_a_small_class_trains_side_by_side(own_server):
    server = own_server()
    crowd = run(measure(server.address, server.process.pid, server.folder, 5, "50 updates/s", moving=6))
    assert crowd.errors == []
    assert len(crowd.moves) >= 15
    assert max(crowd.pauses) < 5                        # every run advances, also on a busy machine
    assert crowd.after.server + crowd.after.workers < 690


def test_a_server_does_not_grow_while_people_come_and_go(own_server):
    server = own_server()
    moments = run(soak(server.address, server.process.pid, server.folder, 24, tell=print, people=4,
                               staying=(1, 4)))
    early, late = moments[1], moments[-1]
    visits = late.visits - early.visits
    assert (late.errors, visits >= 8) == (0, True)
    assert late.used.server <= early.used.server + 15           # MB
    assert late.used.workers <= early.used.workers + 30
    assert late.used.children == early.used.children
    assert late.used.threads <= early.used.threads + 10
    assert late.used.files <= early.used.files + STREAMLITS * visits + 10


def test_a_moved_slider_leaves_the_stream_alone(app):
    async def watch():
        tab = Session(app.address)
        await tab.open()
        await tab.train()
        await asyncio.sleep(1)                          # the page is drawn anew when it is known what trains the run
        runs = tab.page.runs
        for _move in range(6):
            await tab.move()
        before = tab.page.updates
        await asyncio.sleep(2)
        assert tab.page.updates > before
        assert tab.page.runs == runs                    # no slider has rerun the whole page
        await tab.close()
        return tab.page.errors

    assert run(watch()) == []


def test_a_small_class_is_brought_on_votes_and_is_one_experiment(own_server):
    server = own_server()
    hour = run(class_hour.measure(server.address, server.process.pid, server.folder, 4))
    assert hour.problems == []
    answers, brought = hour.times["an answer on the wall"], hour.times["brought, with countdown"]
    assert (len(answers), len(brought)) == (3 * 2 * 4, 4)
    assert max(answers) < 5                             # also on a machine that has other things to do
    assert hour.memory < 690


def test_a_page_that_is_left_for_where_all_are_brought_is_not_drawn_once_more_and_keeps_its_settings(app):
    async def go():
        teacher = Teacher(app.address)
        await teacher.begin()
        learner = Learner(app.address, teacher.way_in)
        await learner.join()

        async def bring(page):
            await teacher.choose_goal(PAGE, keys.GOAL_PAGE, page)
            before = learner.stream.picture["brought"]
            notice = learner.stream.when(lambda picture: picture["brought"] > before)
            await teacher.press("class_bring")
            await notice
            learner.page.ids.clear()
            await learner.follow()
            return set(learner.page.ids)

        assert "window" in await bring("Train")
        await learner.choose("hidden", 7.0)
        assert "window" not in await bring("Shapes")    # nothing of the page Train has been sent
        assert learner.page.bar["here"].startswith("shapes?")
        await bring("Train")
        errors = learner.page.errors + learner.stream.errors + teacher.page.errors
        hidden = learner.page.value("hidden")
        await learner.close()
        await teacher.close()
        return hidden, errors

    assert run(go()) == (7.0, [])
