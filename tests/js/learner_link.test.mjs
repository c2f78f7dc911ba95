// The link for learners: what its address and its length say.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, length } from "../../lstm_core/ui/static/learner_link.js";

test("the address has the chosen settings and nothing of the page's own", () => {
  assert.equal(address({ source: "waves", hide: "lr,batch", text: "a b&c" }, "https://host/lab/train?run=abc&lang=zh#top"),
    "https://host/lab/train?source=waves&hide=lr,batch&text=a+b%26c");
});

test("a length is said beside its limit", () => {
  assert.equal(length("{length} of {limit}", 1234, 1000), "1,234 of 1,000");
});
