"""Specs: what they refuse, and that writing and reading them changes nothing."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from typing import Any, get_args, get_type_hints
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec import (
    SOURCES,
    Adding,
    Amplitude,
    Brackets,
    Counting,
    Digits,
    Layer,
    Letters,
    ModelSpec,
    Numerals,
    Order,
    Prices,
    Reber,
    Recall,
    Reviews,
    RunSpec,
    Table,
    TrainSpec,
    Waves,
    setting_names,
)
from lstm_core.spec.serialization import RENAMED, from_json, from_query, to_json, to_query

NAMES = st.text(min_size=1, max_size=8)


def within(name: str, hint: Any) -> st.SearchStrategy[Any]:
    low, high = limits.NUMBERS[name]
    return st.integers(int(low), int(high)) if hint is int else st.floats(low, high)


def settings(kind: Any, **given_: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw every field of a spec from its own limits and choices."""
    hints = get_type_hints(kind)
    drawn: dict[str, st.SearchStrategy[Any]] = {}
    for item in fields(kind):
        hint = hints[item.name]
        if item.name in given_:
            drawn[item.name] = given_[item.name]
        elif item.name in limits.NUMBERS:
            drawn[item.name] = within(item.name, hint)
        elif hint is bool:
            drawn[item.name] = st.booleans()
        elif get_args(hint) and hint is not tuple:
            drawn[item.name] = st.sampled_from(get_args(hint))
    return st.builds(kind, **drawn)


ahead = st.integers(1, 100)
data = st.one_of(
    settings(Waves, horizon=ahead),
    settings(Prices, horizon=ahead, features=st.lists(st.sampled_from(["open", "close"]), unique=True).map(tuple)),
    settings(Letters, horizon=st.just(1), text=st.text(min_size=2, max_size=20).filter(lambda t: len(set(t)) > 1)),
    settings(Table, horizon=ahead, column=NAMES, features=st.lists(NAMES, unique=True, min_size=1).map(tuple)),
)
layers = st.lists(settings(Layer), min_size=1, max_size=limits.LAYERS).map(tuple)
changes = st.lists(st.tuples(st.integers(0, 9999), within("lr", float)), unique_by=lambda c: c[0]).map(
    lambda found: tuple(sorted(found)))
chrono = st.sampled_from([0, 3, 10_000])
runs = st.builds(
    RunSpec, data=data,
    model=settings(ModelSpec, layers=layers, output=st.just("last"), conv=st.just(0), chrono=chrono),
    train=settings(TrainSpec, lr_changes=changes, stateful=st.just("off"), target_score=st.just(0.0)),
)


judged = settings(TrainSpec, lr_changes=changes, stateful=st.just("off"))
every_step = st.builds(
    RunSpec, data=st.one_of(settings(Numerals), settings(Reber), settings(Counting), settings(Brackets)),
    model=settings(ModelSpec, layers=layers, output=st.just("every"), conv=st.just(0), chrono=chrono), train=judged)
at_the_end = st.builds(
    RunSpec, data=st.one_of(settings(Reviews), settings(Adding), settings(Order), settings(Recall)),
    model=settings(ModelSpec, layers=layers, output=st.just("last"), conv=st.just(0), chrono=chrono), train=judged)
waves = st.builds(RunSpec, data=settings(Amplitude),
                  model=settings(ModelSpec, layers=layers, output=st.just("every"), conv=st.just(0), chrono=chrono))
filtered = st.builds(RunSpec, data=settings(Digits),
                     model=settings(ModelSpec, layers=layers, output=st.just("last"), chrono=chrono))


@pytest.fixture(scope="module", autouse=True)
def any_size() -> Iterator[None]:
    """Each setting is drawn by itself here; together they would mostly be too large for one update."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "STORED_UPDATE_NUMBERS", 10**12)
        patch.setattr(limits, "WAVE_POINTS", 10**12)
        yield


@given(st.one_of(runs, every_step, at_the_end, waves, filtered))
def test_a_spec_written_and_read_is_the_same(spec: RunSpec) -> None:
    assert from_json(to_json(spec)) == spec
    assert from_query(to_query(spec)) == spec


def test_an_address_holds_only_what_differs_from_the_default() -> None:
    assert to_query(RunSpec()) == {"source": "waves"}
    two = RunSpec(model=ModelSpec(layers=(Layer(80, 0.2), Layer(100, 0.2))))
    assert to_query(two) == {"source": "waves", "layers": "2", "hidden": "80", "dropout": "0.2", "hidden2": "100",
                             "dropout2": "0.2"}


@pytest.mark.parametrize("source", sorted(SOURCES.keys() - {"table"}))      # a table has to be named
def test_an_address_needs_no_more_than_its_source(source: str) -> None:
    spec = from_query({"source": source})
    assert spec.data == SOURCES[source]()
    assert spec.model == ModelSpec(output=SOURCES[source].output or "last")


def test_names_of_settings_are_unique_over_the_parts_of_a_run() -> None:
    for kind in SOURCES.values():
        names = setting_names(kind)
        assert len(names) == len(set(names))


@pytest.mark.parametrize(("query", "says"), [
    ({"hidden": "0"}, "hidden must be between 1 and 512; received 0."),
    ({"dropout": "nan"}, "dropout must be between"),
    ({"lr": "fast"}, "lr cannot be read from 'fast'."),
    ({"cell": "lstn"}, "Did you mean 'lstm'?"),
    ({"source": "wave"}, "Did you mean 'waves'?"),
    ({"layers": "9"}, "1 to 4 recurrent layers; received 9."),
    ({"shuffle": "perhaps"}, "shuffle cannot be read"),
    ({"horizon": "0"}, "horizon of 0 steps ahead"),
    ({"stateful": "parallel"}, "switch shuffle off"),
    ({"stateful": "parallel", "shuffle": "false"}, "needs an output at every step"),
    ({"source": "letters", "text": "aaa"}, "at least two different letters"),
    ({"source": "letters", "text": "ab" * 20_000}, "at most 20000 letters; received 40000."),
    ({"source": "digits", "output": "every"}, "truth at the end only"),
    ({"source": "numerals", "output": "last"}, "truth at every time step"),
    ({"source": "amplitude", "output": "every", "stateful": "parallel", "shuffle": "false"}, "a sequence of its own"),
    ({"source": "letters", "conv": "8"}, "reads numbers, not letters or words"),
    ({"conv": "8", "output": "every"}, "reads the whole window at once"),
    ({"source": "adding", "conv": "8"}, "needs sequences of one length"),
    ({"source": "adding", "distance": "5"}, "distance must be between 20 and 1000; received 5."),
    ({"chrono": "2"}, "at least 3 time steps, or 0 to do without; received 2."),
    ({"target_score": "0.9"}, "Only where answers are right or wrong"),
    ({"source": "prices", "features": "open,open"}, "chosen once"),
    ({"source": "prices", "horizon": "0"}, "leave 'close' out"),
    ({"lr_changes": "10:0.1,5:0.2"}, "in the order of their updates"),
    ({"lr_changes": "10:0.1:3"}, "lr_changes cannot be read"),
])
def test_a_bad_setting_is_refused_with_a_sentence(query: dict[str, str], says: str) -> None:
    with pytest.raises(Refusal) as refused:
        from_query(query)
    assert says in str(refused.value)


def test_a_large_update_is_refused_of_a_new_run_and_read_of_an_old_one() -> None:
    spec = from_query({"hidden": "512", "steps": "100", "batch": "40"})
    assert limits.UPDATE_NUMBERS < spec.numbers < 16_000_000
    with pytest.raises(Refusal, match=f"keep about {spec.numbers:,} numbers in memory"):
        spec.check_new()
    assert from_json(to_json(spec)) == spec
    assert from_query({"hidden": "64"}).check_new().model.layers[0].hidden == 64


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"source": "waves", "data": 3, "model": {}, "train": {}}',
                                  '{"source": "waves", "data": {"lenght": 3}, "model": {}, "train": {}}',
                                  '{"source": "waves", "data": {}, "model": {"layers": 3}, "train": {}}',
                                  '{"source": "waves", "data": {}, "model": {}, "train": {"lr_changes": [[1]]}}',
                                  '{"source": "waves", "data": {"length": true}, "model": {}, "train": {}}',
                                  '{"source": ["waves"], "data": {}, "model": {}, "train": {}}'])
def test_anything_but_a_run_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        from_json(text)


@given(st.dictionaries(st.sampled_from([*setting_names(Waves), "source", "hidden", "text", "features"]), st.text()))
def test_no_address_does_more_than_refuse(query: dict[str, str]) -> None:
    with suppress(Refusal):
        assert isinstance(from_query(query), RunSpec)


def test_a_learning_rate_holds_from_its_update_on() -> None:
    train = TrainSpec(lr=0.1, lr_changes=((3, 0.2), (5, 0.3)))
    assert [train.rate(update) for update in range(7)] == [0.1, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3]


def test_a_change_finds_the_part_a_setting_belongs_to() -> None:
    spec = RunSpec().change(steps=7, cell="gru", seed=3)
    assert isinstance(spec.data, Waves)
    assert (spec.data.steps, spec.model.cell, spec.train.seed) == (7, "gru", 3)
    with pytest.raises(Refusal, match="Did you mean 'epochs'"):
        RunSpec().change(epoch=3)


@pytest.mark.parametrize(("names", "text"), [
    (("a", "b"), "a,b"), (("a,b",), r"a\,b"), (("a\\", "b"), r"a\\,b"), (("a\\,b",), r"a\\\,b"),
    (("\\", ","), r"\\,\,"), (("a", ""), "a,"), ((), "")])
def test_names_with_commas_and_backslashes_are_told_apart_in_an_address(names: tuple[str, ...], text: str) -> None:
    query = {"source": "table", "digest": "f" * 32, "column": "y", "features": text}
    spec = from_query(query)
    assert spec.data == Table(digest="f" * 32, column="y", features=names)
    assert to_query(spec).get("features", "") == text


@pytest.mark.parametrize(("address", "spec"), [
    ("source=waves&wave=sum&noise=0.1&layers=2&hidden=3&dropout=0.2&hidden2=2&dense=2&after=3&batch=16&clip=0.5",
     RunSpec(data=Waves(wave="sum", noise=0.1),
             model=ModelSpec(layers=(Layer(3, 0.2), Layer(2)), input_dense=2, relu_head=3),
             train=TrainSpec(batch=16, clip_norm=0.5))),
    ("source=waves&target=cosine&horizon=0&cell=rnn&output=every&optimizer=sgd&clip=0.0&carry=parallel&shuffle=false",
     RunSpec(data=Waves(target="cosine", horizon=0), model=ModelSpec(cell="rnn", output="every"),
             train=TrainSpec(optimizer="sgd", clip_norm=0.0, stateful="parallel", shuffle=False))),
    ("source=letters&text=the+cat%2C+the+hat&cycle=false&encoding=embedding&output=every&carry=staggered&shuffle=false"
     "&enough=0.9&patience=3",
     RunSpec(data=Letters(text="the cat, the hat", cycle=False), model=ModelSpec(encoding="embedding", output="every"),
             train=TrainSpec(stateful="staggered", shuffle=False, target_score=0.9, patience=3))),
    ("source=prices&market=sp500&interval=1mo&features=open%2Cvolume&column=high&conv=4&lr_changes=10%3A0.1%2C20%3A0.01",
     RunSpec(data=Prices(market="sp500", interval="1mo", features=("open", "volume"), column="high"),
             model=ModelSpec(conv=4), train=TrainSpec(lr_changes=((10, 0.1), (20, 0.01))))),
    ("source=adding&distance=50&enough=0.98&run=abc&lang=zh",
     RunSpec(data=Adding(distance=50), train=TrainSpec(target_score=0.98)))])
def test_an_address_of_version_0_1_0_means_what_it_meant(address: str, spec: RunSpec) -> None:
    assert from_query(dict(parse_qsl(address))) == spec


FORMERLY = {
    "after": RunSpec(model=ModelSpec(relu_head=5)), "dense": RunSpec(model=ModelSpec(input_dense=3)),
    "clip": RunSpec(train=TrainSpec(clip_norm=0.5)),
    "enough": RunSpec(data=Letters(), train=TrainSpec(target_score=0.9)),
    "carry": RunSpec(model=ModelSpec(output="every"), train=TrainSpec(stateful="parallel", shuffle=False))}


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_setting_is_read_by_the_name_it_had_before(old: str, new: str) -> None:
    spec = FORMERLY[old]
    query, text = to_query(spec), to_json(spec)
    assert new in query
    assert f'"{new}"' in text
    assert from_query({old if name == new else name: value for name, value in query.items()}) == spec
    assert from_json(text.replace(f'"{new}"', f'"{old}"')) == spec
