import assert from "node:assert/strict";
import { decide, type Facts, sentence } from "./decision.ts";
import { type Actor, actorSchema, reasonSchema, type Terms } from "./model.ts";

const actor = (kind: Actor["kind"], ...scopes: string[]): Actor => ({ kind, id: "x", scopes });
const terms = (change: Partial<Terms> = {}): Terms => ({
  validity: { kind: "always" },
  accessPoints: ["lock"],
  usesLeft: null,
  suspended: false,
  ...change,
});
const decided = (change: Partial<Facts> = {}) =>
  decide({
    actor: actor("person"),
    accessPoint: "lock",
    released: false,
    terms: undefined,
    objection: undefined,
    at: Date.UTC(2026, 5, 1),
    clockTrusted: true,
    ...change,
  });

Deno.test("what is not allowed is denied: only these kinds of actor may release", () => {
  const granted = actorSchema.shape.kind.options.filter((kind) =>
    decided({ actor: actor(kind) }) === "granted"
  );
  assert.deepEqual(granted, ["person", "input", "schedule", "system"]);
});

Deno.test("plugins and integrations need the scope of that access point", () => {
  for (const kind of ["plugin", "service"] as const) {
    assert.equal(decided({ actor: actor(kind) }), "not-allowed");
    assert.equal(decided({ actor: actor(kind, "release:gate", "release:lock2", "releases") }), "not-allowed");
    assert.equal(decided({ actor: actor(kind, "release:lock") }), "granted");
    assert.equal(decided({ actor: actor(kind, "release") }), "granted");
  }
  assert.equal(decided({ actor: actor("monitor", "release") }), "not-allowed");
});

Deno.test("B-CARD-4: a card needs to be known, to have the right, and to be valid, in this order", () => {
  const card = actor("card", "release");
  assert.equal(decided({ actor: card }), "unknown-credential");
  assert.equal(
    decided({ actor: card, terms: terms({ accessPoints: ["gate"], suspended: true }) }),
    "no-right",
  );
  assert.equal(decided({ actor: card, terms: terms({ suspended: true }) }), "suspended");
  assert.equal(decided({ actor: card, terms: terms() }), "granted");
});

Deno.test("B-REL-3: an objection stops every actor but opens nothing, and a denial is not hidden by a pulse", () => {
  assert.equal(decided({ objection: "denied-by-plugin" }), "denied-by-plugin");
  assert.equal(decided({ actor: actor("card"), objection: "enrolling" }), "unknown-credential");
  assert.equal(decided({ released: true, objection: "enrolling" }), "enrolling");
  assert.equal(decided({ released: true, actor: actor("monitor") }), "not-allowed");
  assert.equal(decided({ released: true }), "already-released");
  assert.equal(decided({ released: undefined }), "unknown-access-point");
});

Deno.test("every reason is a sentence", () => {
  for (const reason of reasonSchema.options) assert.match(sentence(reason, "Lock"), /^[A-Z][^.]{9,}$/);
});
