"""The ways into a class: by link and by code, and how many codes a script can try."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from lstm_core import i18n, limits
from lstm_core.classroom import codes
from lstm_core.errors import Refusal
from lstm_core.ui.base.server import rooms
from lstm_core.ui.base.token_bucket import TokenBuckets
from lstm_core.ui.classroom import keys, membership
from lstm_core.ui.widgets import keys as session_keys
from tests.unit.ui.classroom.members import TEACHER, Members

Opens = Callable[..., Members]

CODES = len(codes.LETTERS) ** codes.LENGTH
HOUR = 3600


class Browsers:
    """Browsers in a network, and the time that goes by."""

    def __init__(self) -> None:
        self.time = 0.0
        self.session_state: dict[str, object] = {session_keys.OPENINGS: 1}
        self.context = SimpleNamespace(ip_address="192.0.2.1")
        self.who = "ada"

    def join(self, code: str, key: str = "", name: str = "", *, who: str = "ada", address: str = "") -> None:
        self.who, self.context.ip_address = who, address or self.context.ip_address
        membership.join(code, key, name)

    def guesses(self, code: str, **given: str) -> bool:
        """Tell whether a wrong code can be tried."""
        with pytest.raises(Refusal) as refused:
            self.join(code, **given)
        assert ("Too many tries" in str(refused.value)) != ("There is no class" in str(refused.value))
        return "There is no class" in str(refused.value)


@pytest.fixture
def browsers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browsers]:
    found = Browsers()

    def buckets(rate: float, room: float) -> TokenBuckets:
        return TokenBuckets(rate, room, clock=lambda: found.time)

    monkeypatch.setattr(membership, "_typing", buckets(membership.TYPED, membership.TYPED_AT_ONCE))
    monkeypatch.setattr(membership, "_typing_all", buckets(membership.ALL_TYPED, membership.ALL_TYPED_AT_ONCE))
    monkeypatch.setattr(membership, "_joining", buckets(membership.JOINED, membership.JOINED_AT_ONCE))
    monkeypatch.setattr(membership, "st", found)
    monkeypatch.setattr(membership, "owner", lambda: found.who)
    with i18n.speaking("en"):
        yield found


# -- in -----------------------------------------------------------------------------------------------------


def test_a_link_needs_its_key_and_a_code_none(members: Opens, browsers: Browsers) -> None:
    there, other = members(), members()
    for key in (other.key, "x", "\ud800", there.key[:-1], f"{there.key} "):
        with pytest.raises(Refusal, match="This link opens no class"):
            browsers.join(there.code, key)
    assert rooms().learners(there.code) == []
    browsers.join(there.code, there.key, "Ada", who="ada")
    browsers.join(f" {there.code[:2]}-{there.code[2:].lower()} ", name="Bob", who="bob")
    assert [(one.owner, one.name) for one in rooms().learners(there.code)] == [("ada", "Ada"), ("bob", "Bob")]


def test_one_joins_the_class_of_the_link_and_is_then_in_it(members: Opens, browsers: Browsers) -> None:
    there = members()
    browsers.session_state[keys.JOINING] = (there.code, there.key)
    browsers.join(there.code, there.key)
    assert keys.JOINING not in browsers.session_state
    assert membership.now() == membership.Membership(there.code, teacher=False)
    browsers.join(there.code, there.key)            # again: nothing changes
    assert len(rooms().learners(there.code)) == 1
    rooms().end(there.code, TEACHER)
    membership.look_again()
    assert membership.now() is None


@pytest.mark.parametrize("typed", [
    "", "ABCD", "ABCDEF", "AB1DE", "OOOOO", "<b>", "A" * 1_000_000, "１２３４５", "ab\0cd", "\ud800BCDE"])
def test_what_can_be_no_code_is_told_so_and_does_not_count(browsers: Browsers, typed: str) -> None:
    for _time in range(3 * membership.TYPED_AT_ONCE):
        with pytest.raises(Refusal, match="A code has"):
            browsers.join(typed)
    assert membership._typing.wait(browsers.context.ip_address) == 0


# -- how often ----------------------------------------------------------------------------------------------


def test_a_class_of_thirty_in_one_network_types_its_code_in_one_minute(members: Opens, browsers: Browsers) -> None:
    there = members()
    for number in range(limits.CLASS_LEARNERS):
        browsers.time += 60 / limits.CLASS_LEARNERS
        if number % 4 == 0:             # every fourth has read a letter wrongly
            assert browsers.guesses("ZZZZZ", who=str(number))
        browsers.join(there.code, who=str(number))
    assert len(rooms().learners(there.code)) == limits.CLASS_LEARNERS


def test_too_many_wrong_codes_of_one_network_hold_up_codes_but_no_link(members: Opens, browsers: Browsers) -> None:
    there = members()
    for _code in range(membership.TYPED_AT_ONCE):
        assert browsers.guesses("ZZZZZ")
    assert not browsers.guesses("ZZZZZ")
    with pytest.raises(Refusal, match=r"Too many tries at this moment. Wait 31 seconds, or open the link"):
        browsers.join(there.code)                       # a right one is not told from a wrong one then
    browsers.join(there.code, there.key)
    browsers.join(there.code, who="bob", address="192.0.2.2")
    browsers.time += 1 / membership.TYPED
    browsers.join(there.code, who="cyd", address="192.0.2.1")
    assert len(rooms().learners(there.code)) == 3


def test_addresses_of_one_line_to_the_internet_count_as_one(browsers: Browsers, members: Opens) -> None:
    members()
    tried = sum(browsers.guesses("ZZZZZ", address=f"2001:db8::{number:x}")
                for number in range(2 * membership.TYPED_AT_ONCE))
    assert tried == membership.TYPED_AT_ONCE


def test_wrong_links_count_as_wrong_codes(members: Opens, browsers: Browsers) -> None:
    there = members()
    for act in (lambda: browsers.join(there.code, "x"), lambda: browsers.join("ZZZZZ", "x"),
                lambda: membership.teach(there.code, "x"), lambda: membership.teach("ZZZZZ", "x")):
        for _time in range(membership.TYPED_AT_ONCE):
            with pytest.raises(Refusal, match="link opens no class"):
                act()
        with pytest.raises(Refusal, match="Too many tries"):
            act()
        browsers.time += 10 * HOUR


@pytest.mark.usefixtures("browsers")
def test_guesses_at_the_same_time_are_not_more(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = 4 * membership.TYPED_AT_ONCE
    all_here, told = threading.Barrier(at_once), []

    def standing(_code: str) -> None:
        told.append(1)
        time.sleep(0.05)                # so long nobody knows that it is wrong
        raise Refusal("There is no class.")

    monkeypatch.setattr(membership, "rooms", lambda: SimpleNamespace(standing=standing))

    def guess() -> None:
        all_here.wait()
        with pytest.raises(Refusal):
            membership.join("ZZZZZ", "", "")

    tabs = [threading.Thread(target=guess) for _tab in range(at_once)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(told) == membership.TYPED_AT_ONCE


def test_a_network_may_join_as_many_as_a_large_class_and_no_crowd(members: Opens, browsers: Browsers) -> None:
    there, other = members(), members()
    for number in range(membership.JOINED_AT_ONCE):
        full = number >= limits.CLASS_LEARNERS
        browsers.join((other if full else there).code, (other if full else there).key, who=str(number))
    with pytest.raises(Refusal, match="Too many tries"):
        browsers.join(other.code, other.key, who="one more")
    browsers.join(other.code, other.key, who="elsewhere", address="198.51.100.7")
    browsers.join(there.code, there.key, who="0", address="192.0.2.1")          # who is in it already


# -- what a script finds in an hour -------------------------------------------------------------------------


def tried(browsers: Browsers, addresses: int) -> int:
    """Return how many wrong codes so many addresses can try in an hour, each as soon as it may."""
    count = 0
    for _second in range(0, HOUR + 1, 30):
        for number in range(addresses):
            address = f"10.0.{number // 250}.{number % 250}"
            while membership._typing.wait(address) == membership._typing_all.wait("") == 0:
                browsers.context.ip_address = address
                with pytest.raises(Refusal, match="none"), membership._guessing():
                    raise Refusal("none")
                count += 1
        browsers.time += 30
    return count


@pytest.mark.parametrize(("addresses", "codes_tried", "found"), [(1, 150, 0.002), (1000, 900, 0.0115)])
def test_a_script_finds_no_class_in_an_hour(
        browsers: Browsers, addresses: int, codes_tried: int, found: float) -> None:
    """The numbers stand in docs/security.md: 0.002 of 100 classes from one address, 0.01 from everywhere together."""
    assert CODES == 7_962_624
    assert abs(tried(browsers, addresses) - codes_tried) <= 1
    assert limits.CLASSES * codes_tried / CODES < found
