"""Who is next: by address, by person and by cost."""

from __future__ import annotations

from collections import Counter

from lstm_core.running.people import KNOWN_AFTER, NEW, REMEMBERED, People
from lstm_core.running.turns import DEBT, TurnQueue
from lstm_core.storage.schema import EXAMPLE_OWNER


class Clock:
    """Time that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def here(**people: list[str]) -> People:
    """People known for long, by address."""
    clock = Clock()
    made = People(clock)
    for address, owners in people.items():
        for owner in owners:
            made.see(owner, address)
    clock.now = KNOWN_AFTER
    return made


def served(people: People, waiting: dict[str, int], seconds: float = 100.0, cost: dict[str, float] | None = None,
           ) -> Counter[str]:
    """Return the seconds of turns that each got, of so many in all, when so much of each waits all the while."""
    queue, had, number = TurnQueue[tuple[str, int]](people), Counter[str](), 0
    for owner, count in waiting.items():
        for _ in range(count):
            queue.join((owner, number := number + 1), owner, new=False)
    while sum(had.values()) < seconds:
        item = queue.pop()
        took = (cost or {}).get(item[0], 0.1)
        queue.settle(item[0], took)
        queue.join(item, item[0], new=False)
        had[item[0]] += took        # type: ignore[assignment]
    return had


def test_a_person_gets_as_much_with_eight_runs_as_with_one() -> None:
    had = served(here(school=["ada", "bob"]), {"ada": 1, "bob": 8})
    assert 0.48 < had["ada"] / sum(had.values()) < 0.52


def test_turns_are_shared_by_what_they_cost_and_not_by_number() -> None:
    had = served(here(school=["ada", "bob"]), {"ada": 1, "bob": 1}, cost={"ada": 0.05, "bob": 2.0})
    assert 0.45 < had["ada"] / sum(had.values()) < 0.55


def test_twenty_five_names_of_one_script_are_not_twenty_five_shares() -> None:
    script, waiting = [f"name{n}" for n in range(25)], {f"name{n}": 3 for n in range(25)} | {"ada": 1}
    known = served(here(home=["ada"], cellar=script), waiting)
    assert 0.15 < known["ada"] / sum(known.values()) < 0.19             # 1 of 1 + sqrt(25)
    people = here(home=["ada"])
    for name in script:
        people.see(name, "cellar")
    new = served(people, waiting)
    assert 0.26 < new["ada"] / sum(new.values()) < 0.32                 # 1 of 1 + sqrt(25 NEW)
    behind_one_proxy = here(proxy=["ada"])
    for name in script:
        behind_one_proxy.see(name, "proxy")
    beside = served(behind_one_proxy, waiting)
    assert 0.11 < beside["ada"] / sum(beside.values()) < 0.16           # 1 of 1 + 25 NEW


def test_a_class_behind_one_address_gets_more_than_one_home() -> None:
    pupils = [f"pupil{n}" for n in range(30)]
    had = served(here(school=pupils, home=["ada"]), dict.fromkeys([*pupils, "ada"], 1))
    assert 5 < sum(had[pupil] for pupil in pupils) / had["ada"] < 6     # sqrt(30)
    assert max(had[pupil] for pupil in pupils) < 1.3 * min(had[pupil] for pupil in pupils)


def test_those_who_are_not_here_share_one_place() -> None:
    """Their runs are watched by others: nobody multiplies their own turns by opening the runs of many people."""
    gone = [f"gone{n}" for n in range(15)]
    had = served(here(home=["ada"]), dict.fromkeys(gone, 8) | {"ada": 1})
    assert had["ada"] / sum(had.values()) > 0.3


def test_somebody_new_weighs_little_and_more_from_second_to_second() -> None:
    clock = Clock()
    people = People(clock)
    people.see("ada", "home")
    assert (people.weight("ada"), people.weight("never seen")) == (NEW, NEW)
    clock.now = KNOWN_AFTER / 2
    assert people.weight("ada") == (1 + NEW) / 2
    people.see("ada", "school")
    clock.now = 10 * KNOWN_AFTER
    assert (people.weight("ada"), people.address("ada"), people.address("bob")) == (1, "school", "")


def test_of_too_many_people_those_seen_longest_ago_are_forgotten() -> None:
    people = People(Clock())
    people.see("ada", "home")
    people.see("bob", "home")
    for number in range(REMEMBERED - 1):
        people.see("ada", "home")
        people.see(f"name{number}", "cellar")
    assert (people.address("ada"), people.address("bob")) == ("home", "")


def test_nobody_saves_up_turns_and_debts_are_limited() -> None:
    queue = TurnQueue[str](here(home=["ada"], school=["bob"]))
    for _ in range(1000):                           # ada is alone for long
        queue.join("a", "ada", new=False)
        queue.pop()
        queue.settle("ada", 1.0)
    order = []
    queue.join("a", "ada", new=False)
    queue.join("b", "bob", new=False)
    for _ in range(40):
        item = queue.pop()
        order.append(item)
        queue.settle({"a": "ada", "b": "bob"}[item], 1.0)
        queue.join(item, {"a": "ada", "b": "bob"}[item], new=False)
    assert 18 <= order.count("a") <= 22             # bob has not gained a thousand seconds
    queue.pop()
    queue.settle("ada" if len(queue) and "b" in queue else "bob", 1000.0)
    assert queue._all.spent["home"] <= queue._all.level + DEBT


def test_a_turn_during_which_the_worker_stood_still_costs_nobody_their_next_ones() -> None:
    queue = TurnQueue[str](here(school=["ada", "bob"]))
    for owner in ("ada", "bob"):
        queue.join(owner, owner, new=False)
    order = []
    for turn in range(40):
        order.append(owner := queue.pop())
        queue.settle(owner, 30.0 if turn == 0 else 0.1)
        queue.join(owner, owner, new=False)
    assert order.count("ada") >= 10, order


def test_what_is_new_goes_first_at_every_second_turn() -> None:
    queue = TurnQueue[str](here(home=["ada", "bob"]))
    for name in ("a1", "a2", "a3"):
        queue.join(name, "ada", new=False)
    for name in ("b1", "b2"):
        queue.join(name, "bob", new=True)
    queue.rejoin("lost", "ada")
    assert [queue.place(name) for name in ("lost", "b1", "a1", "b2", "a2", "a3")] == [1, 2, 3, 4, 5, 6]
    order = []
    while queue:
        order.append(queue.pop())
        queue.settle("bob" if order[-1][0] == "b" else "ada", 0.1)
    assert order == ["lost", "b1", "a1", "b2", "a2", "a3"]


def test_what_nobody_holds_any_more_leaves_nothing_behind() -> None:
    queue = TurnQueue[str](here(home=["ada"], school=["bob"]))
    for owner in ("ada", "bob"):
        queue.join(owner, owner, new=True)
    for _ in range(2):
        queue.settle(queue.pop(), 0)
    assert (len(queue), queue._at, queue._groups, queue._all.present, queue._all.served) == (0, {}, {}, {}, {})


def test_the_examples_come_last_and_still_come() -> None:
    people = here(home=["ada"])
    had = served(people, {"ada": 1, EXAMPLE_OWNER: 1})
    assert 0.06 < had[EXAMPLE_OWNER] / sum(had.values()) < 0.12         # 1 of 1 + 10
    queue = TurnQueue[str](people)
    for _ in range(50):                                                 # alone they have the worker
        queue.join("example", EXAMPLE_OWNER, new=False)
        assert queue.pop() == "example"
        queue.settle(EXAMPLE_OWNER, 0.1)
    queue.join("example", EXAMPLE_OWNER, new=False)
    queue.join("run", "ada", new=False)
    turns = []
    for _ in range(9):                      # whoever comes then is not made to wait for what they had
        turns.append(item := queue.pop())
        owner = "ada" if item == "run" else EXAMPLE_OWNER
        queue.settle(owner, 0.1)
        queue.join(item, owner, new=False)
    assert turns == ["run"] * 9
