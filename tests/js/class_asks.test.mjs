// What a learner answers in a class: drafts and answers, which question is new, places, and what is remembered.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, blank, draftOf, same, tapped, told } from "../../lstm_core/ui/static/class/answers.js";
import { browser, rememberBrowser, rememberTab, tab } from "../../lstm_core/ui/static/class/memory.js";
import { isHere, Whereabouts } from "../../lstm_core/ui/static/class/place.js";
import { sentence } from "../../lstm_core/ui/static/class/sentence.js";
import { asked, standing } from "../../lstm_core/ui/static/class/standing.js";

const choice = { kind: "choice", options: [{ key: "a", text: "It **keeps** all" }, { key: "b", text: "Nothing" }] };
const number = { kind: "number", low: 0, high: 100, log: false, whole: false, unit: "%", ends: ["0%", "100%"] };
const order = { kind: "order", items: ["a", "b", "c"].map((key) => ({ key, text: key.toUpperCase() })) };
const curve = { kind: "curve", frame: { points: 9, low: 0, high: 1, form: ".2g", places: ["1", "3", "5", "7", "9"],
  words: { one: "{x} {place}: {yours}", x: "Update" } } };
const words = { kind: "words" };

test("nothing is an answer before anybody has touched the input", () => {
  for (const ask of [choice, number, order, curve, words]) assert.equal(answer(ask, blank(ask)), null);
});

test("a choice is one of the options", () => {
  assert.equal(answer(choice, "b"), "b");
  assert.equal(answer(choice, "z"), null);
});

test("a number lies between its ends, and is whole where it must be; zero is a number", () => {
  assert.deepEqual(["0", "100", "47.5", "1e1"].map((draft) => answer(number, draft)), [0, 100, 47.5, 10]);
  assert.deepEqual(["", "?", "-1", "100.1"].map((draft) => answer(number, draft)), [null, null, null, null]);
  assert.deepEqual(["4", "4.5"].map((draft) => answer({ ...number, whole: true }, draft)), [4, null]);
});

test("what is tapped comes next, and loses its place when it is tapped again", () => {
  const taps = ["b", "c", "b", "a"];
  assert.deepEqual(taps.reduce(tapped, []), ["c", "a"]);
  assert.equal(answer(order, ["c", "a"]), null);
  assert.deepEqual(answer(order, tapped(["c", "a"], "b")), ["c", "a", "b"]);
});

test("a curve is sent without gaps; one point is none, nor one that leaves the box", () => {
  const draft = [0.8, null, 0.4, null, null, null, null, null, null];
  assert.ok(same(answer(curve, draft), [0.8, 0.6, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4]));
  assert.equal(answer(curve, [0.8, ...new Array(8).fill(null)]), null);
  assert.equal(answer(curve, [0.8, 1.5, ...new Array(7).fill(null)]), null);
});

test("own words are more than blanks", () => {
  assert.equal(answer(words, " \n "), null);
  assert.equal(answer(words, " It keeps it. "), "It keeps it.");
});

test("an answer that was sent is the draft of a page that is opened later", () => {
  const line = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
  for (const [ask, value] of [[choice, "a"], [number, 0], [order, ["c", "b", "a"]], [curve, line], [words, "yes"]]) {
    assert.ok(same(answer(ask, draftOf(ask, value)), value));
  }
  assert.ok(same(answer(curve, draftOf(curve, Float64Array.from(line))), line));
});

test("answers are the same when they have been to the server and back", () => {
  assert.ok(same([0.1, 1e-9], Float64Array.of(0.1, 1e-9)));
  assert.ok(!same([0.1, 1e-9], [0.1, 2e-9]));
  assert.ok(!same(["a", "b"], ["b", "a"]));
  assert.ok(!same([0.1], [0.1, 0.2]));
  for (const value of [0, "", [0], "a"]) assert.ok(!same(value, null) && !same(null, value));
  assert.ok(same(null, null));
});

test("answers are told with units, in their order, and of a curve five points", () => {
  assert.equal(told(choice, "a"), "It **keeps** all");
  assert.equal(told(number, 46.83829), "46.84%");
  assert.equal(told({ ...number, unit: "epochs", whole: true }, 12345), "12345 epochs");
  assert.equal(told({ ...number, unit: "" }, 1.5e-8), "1.5 × 10⁻⁸");
  assert.equal(told(order, ["c", "a", "b"]), "C → A → B");
  assert.equal(told(curve, Float64Array.of(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)),
    "Update 1: 0; Update 3: 0.2; Update 5: 0.4; Update 7: 0.6; Update 9: 0.8");
});

test("a second vote is asked anew; the line says how things stand for oneself", () => {
  const question = { number: 4, kind: "question", phase: "open", vote: 1, mine: null };
  assert.equal(asked(null), "");
  assert.notEqual(asked(question), asked({ ...question, vote: 2 }));
  assert.equal(standing(null), "nothing");
  const changes = [{}, { mine: 0 }, { vote: 2 }, { mine: 0, phase: "closed" }, { phase: "shown" }];
  assert.deepEqual(changes.map((change) => standing({ ...question, ...change })),
    ["is_open", "is_answered", "is_again", "is_closed", "is_shown"]);
  const experiment = { number: 5, kind: "experiment", open: true, mine: { status: null } };
  const others = [{}, { open: false }, { open: false, mine: { status: "training" } }];
  assert.deepEqual(others.map((change) => standing({ ...experiment, ...change })),
    ["is_experiment", "experiment_over", "run_training"]);
});

test("a place is the same whatever the order of what stands in its address, and whatever the page writes beside it", () => {
  const place = { page: "learn", query: "lesson=gates&card=zero" };
  assert.ok(isHere(place, "learn?card=zero&lesson=gates"));
  for (const here of ["learn", "cell?lesson=gates&card=zero", "learn?lesson=gates"]) assert.ok(!isHere(place, here));
  assert.ok(isHere({ page: "train", query: "" }, "train"));
  assert.ok(isHere({ page: "train", query: "" }, "train?source=waves&steps=30"));
  assert.ok(!isHere({ page: "train", query: "preset=wave" }, "train?source=waves&preset=letters"));
});

test("where one is is told once, not too often, and not from a tab that is not seen", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 5000 });
  let seen;
  Object.assign(globalThis.document, { hidden: false, addEventListener: (_name, act) => { seen = act; } });
  const told = [];
  let connected = false;
  const whereabouts = new Whereabouts(({ place }) => connected && Boolean(told.push(place)));
  whereabouts.at("train");
  connected = true;
  whereabouts.at("train");
  whereabouts.at("train");
  whereabouts.at("cell");
  whereabouts.at("shapes");
  assert.deepEqual(told, ["train"]);
  context.mock.timers.tick(2000);
  assert.deepEqual(told, ["train", "shapes"]);
  globalThis.document.hidden = true;
  whereabouts.at("memory");
  context.mock.timers.tick(9000);
  assert.deepEqual(told, ["train", "shapes"]);
  globalThis.document.hidden = false;
  seen();
  assert.deepEqual(told, ["train", "shapes", "memory"]);
  seen(); // another tab may have told of its place in between
  context.mock.timers.tick(2000);
  assert.deepEqual(told, ["train", "shapes", "memory", "memory"]);
});

test("a tab and a browser remember one class, also where nothing may be kept", () => {
  const storage = () => {
    const kept = new Map();
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  };
  const none = () => ({ getItem() { throw new Error("kept from"); }, setItem() { throw new Error("kept from"); } });
  for (const [code, make] of [["ABCDE", storage], ["FGHJK", none]]) {
    [globalThis.sessionStorage, globalThis.localStorage] = [make(), make()];
    rememberTab("OTHER", { seen: "1/1" });
    assert.deepEqual([tab(code), browser(code)], [{ code }, { code }]);
    rememberTab(code, { seen: "4/1", open: true });
    rememberTab(code, { draft: { of: "4/1", value: ["a"] } });
    rememberBrowser(code, { brought: 2 });
    assert.deepEqual(tab(code), { code, seen: "4/1", open: true, draft: { of: "4/1", value: ["a"] } });
    assert.deepEqual(browser(code), { code, brought: 2 });
  }
});

test("a sentence is filled with nodes", () => {
  const node = { a: "node" };
  assert.deepEqual(sentence("Closed. Your answer: {answer}", { answer: [node] }), ["Closed. Your answer: ", node]);
  assert.deepEqual(sentence("{answer}是你的", { answer: ["<b>", node] }), ["<b>", node, "是你的"]);
});
