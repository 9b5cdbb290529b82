import assert from "node:assert/strict";
import { newMemberSchema } from "../../../core/members/model.ts";
import { hasLimits, identityFault, limitsFault, memberOf, newInvite } from "./invite_draft.ts";

const NOW = Date.UTC(2026, 4, 1, 8);
const draft = { ...newInvite(["lock", "gate"], NOW), name: " Carla " };

Deno.test("B-SET-6: an invitation of each role is one that the panel takes, whatever was typed for another role", () => {
  for (const role of ["owner", "family", "guest", "monitor", "service"] as const) {
    const filled = { ...draft, role, ends: true };
    assert.equal(identityFault(filled), undefined);
    assert.equal(limitsFault(filled), undefined);
    const member = newMemberSchema.parse(memberOf(filled));
    assert.equal(member.name, "Carla");
    assert.equal(member.terms !== null, role === "guest");
    assert.equal(member.scopes.length > 0, role === "service");
    assert.equal(member.until !== null, role !== "owner" && role !== "guest", role);
    assert.equal(hasLimits(role), role === "guest" || role === "service");
  }
});

Deno.test("B-SET-6: a guest opens the door for a day unless more is ticked", () => {
  const { terms } = memberOf({ ...draft, role: "guest" });
  assert.deepEqual(terms?.accessPoints, ["lock"]);
  assert.equal(terms?.validity.kind, "period");
});

Deno.test("what is missing in an invitation is said", () => {
  assert.match(identityFault({ ...draft, name: "  " }) ?? "", /name/);
  assert.match(identityFault({ ...draft, ends: true, until: "" }) ?? "", /until when/);
  assert.match(limitsFault({ ...draft, role: "service", scopes: [] }) ?? "", /at least one/);
  const nothing = { ...draft.terms, accessPoints: [] };
  assert.match(limitsFault({ ...draft, role: "guest", terms: nothing }) ?? "", /at least one/);
});
