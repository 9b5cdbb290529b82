import assert from "node:assert/strict";
import type { Role } from "../members/model.ts";
import type { MemberRights } from "../members/rights.ts";
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
const member = (role: Role, change: Partial<MemberRights> = {}): MemberRights => ({
  role,
  until: null,
  terms: null,
  scopes: [],
  ...change,
});
const decided = (change: Partial<Facts> = {}) =>
  decide({
    actor: actor("person"),
    accessPoint: "lock",
    released: false,
    terms: undefined,
    member: member("owner"),
    watching: false,
    objection: undefined,
    at: Date.UTC(2026, 5, 1),
    clockTrusted: true,
    ...change,
  });

Deno.test("what is not allowed is denied: only these kinds of actor may release", () => {
  const granted = actorSchema.shape.kind.options.filter((kind) =>
    decided({ actor: actor(kind), member: undefined }) === "granted"
  );
  assert.deepEqual(granted, ["input", "schedule", "system"]);
});

Deno.test("plugins and integrations need the scope of that access point", () => {
  const plugin = (...scopes: string[]) => decided({ actor: actor("plugin", ...scopes) });
  const service = (...scopes: string[]) =>
    // What the service says of itself does not count.
    decided({ actor: actor("service", "release"), member: member("service", { scopes }) });
  for (const decide of [plugin, service]) {
    assert.equal(decide(), "not-allowed");
    assert.equal(decide("release:gate", "release:lock2", "releases"), "not-allowed");
    assert.equal(decide("release:lock"), "granted");
    assert.equal(decide("release"), "granted");
  }
});

Deno.test("B-SET-6: a member's role, end date and terms say what it may release", () => {
  const by = (rights: MemberRights, change: Partial<Facts> = {}) =>
    decided({ actor: actor(rights.role === "monitor" ? "monitor" : "person"), member: rights, ...change });
  assert.equal(by(member("family")), "granted");
  assert.equal(by(member("family", { until: "2026-07-01T00:00:00Z" })), "granted");
  assert.equal(by(member("family", { until: "2026-05-01T00:00:00Z" })), "expired");
  assert.equal(
    by(member("family", { until: "2026-07-01T00:00:00Z" }), { clockTrusted: false }),
    "clock-untrusted",
  );
  assert.equal(by(member("guest")), "no-right");
  assert.equal(by(member("guest", { terms: terms() })), "granted");
  assert.equal(by(member("guest", { terms: terms({ accessPoints: ["gate"] }) })), "no-right");
  assert.equal(by(member("guest", { terms: terms({ usesLeft: 0 }) })), "used-up");
  assert.equal(by(member("guest", { terms: terms(), until: "2026-05-01T00:00:00Z" })), "expired");
  assert.equal(by(member("monitor")), "not-watching");
  assert.equal(by(member("monitor"), { watching: true }), "granted");
  assert.equal(by(member("monitor", { until: "2026-05-01T00:00:00Z" }), { watching: true }), "expired");
  assert.equal(decided({ member: undefined }), "not-allowed");
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
  assert.equal(
    decided({ released: true, actor: actor("monitor"), member: member("monitor") }),
    "not-watching",
  );
  assert.equal(decided({ released: true }), "already-released");
  assert.equal(decided({ released: undefined }), "unknown-access-point");
});

Deno.test("every reason is a sentence", () => {
  for (const reason of reasonSchema.options) {
    assert.match(sentence(reason, "Lock", "card"), /^[A-Z][^.]{9,}$/);
  }
});
