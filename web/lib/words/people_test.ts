import assert from "node:assert/strict";
import type { Terms } from "../../../core/access/model.ts";
import { roleSchema, SCOPES as ALL_SCOPES, scopeSchema } from "../../../core/members/model.ts";
import { clockText, limitsOf, memberState, ROLES, SCOPES, seenText } from "./people.ts";

const NAMES = new Map([["lock", "Front door"], ["gate", "Gate"]]);
const terms: Terms = {
  validity: { kind: "always" },
  accessPoints: ["lock", "gate"],
  usesLeft: 1,
  suspended: false,
};
const free = { until: null, terms: null, scopes: [] };

Deno.test("every role can be given, and every scope that is offered is one the panel knows", () => {
  assert.deepEqual(ROLES.map(({ role }) => role).toSorted(), roleSchema.options.toSorted());
  for (const { scope } of SCOPES) assert.equal(scopeSchema.parse(scope), scope);
  assert.deepEqual(SCOPES.map(({ scope }) => scope).toSorted(), ALL_SCOPES.toSorted());
});

Deno.test("B-SET-6: how far somebody's access goes is said in words", () => {
  assert.deepEqual(limitsOf({ ...free, role: "owner" }, NAMES), []);
  assert.deepEqual(limitsOf({ ...free, role: "guest", terms }, NAMES), [
    "Always",
    "1 use left",
    "Front door and Gate",
  ]);
  assert.equal(
    limitsOf({ ...free, role: "guest", terms: { ...terms, suspended: true } }, NAMES)[0],
    "Suspended",
  );
  const scopes = ["status:read", "release:lock", "release", "release:shed"];
  assert.deepEqual(limitsOf({ ...free, role: "service", scopes }, NAMES), [
    "See how the panel is · Open Front door · Open everything · Open shed",
  ]);
  assert.match(
    limitsOf({ ...free, role: "family", until: "2026-05-01T08:00:00Z" }, NAMES)[0]!,
    /^Until 1 May 2026/,
  );
});

Deno.test("B-SET-6: access that is over, or not in force now, shows in place of the role", () => {
  const at = Date.parse("2026-05-01T08:00:00Z");
  assert.equal(memberState({ ...free, role: "owner" }, at).word, undefined);
  assert.equal(memberState({ ...free, role: "family", until: "2026-05-01T08:00:00Z" }, at).word, "Expired");
  assert.equal(memberState({ ...free, role: "guest", terms: { ...terms, usesLeft: 0 } }, at).word, "Used up");
  assert.equal(memberState({ ...free, role: "guest", terms }, at).word, undefined);
});

Deno.test("when a device was here last is said by the calendar, and who follows the events is here", () => {
  const now = new Date(2026, 4, 5, 12, 0).getTime();
  assert.equal(seenText(null, now), "Not here since the last restart");
  assert.equal(seenText(now - 30_000, now), "Here now");
  assert.equal(seenText(new Date(2026, 4, 5, 8, 30).getTime(), now), "Last here today, 08:30");
  assert.equal(seenText(new Date(2026, 4, 3, 8, 30).getTime(), now), "Last here Sunday 3 May, 08:30");
});

Deno.test("what is left of a wait is said in minutes and seconds, never less than there is", () => {
  assert.deepEqual([600_000, 60_000, 9_400, 0, -5].map(clockText), ["10:00", "1:00", "0:10", "0:00", "0:00"]);
});
