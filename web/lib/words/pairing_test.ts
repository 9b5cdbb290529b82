import assert from "node:assert/strict";
import { ApiError } from "../api/problem.ts";
import { adviceFor } from "./pairing.ts";

const advice = (code: string) => adviceFor(new ApiError(code, 403, "As the panel says it"), "join");

Deno.test("B-SET-6: each way in which a link can fail says what to do next", () => {
  const another = ["invitation-unknown", "claimed", "claim-void", "claim-wrong", "unclaimed"];
  const again = ["slow-down", "claim-busy", "claim-late", "members-full", "offline"];
  for (const code of another) assert.equal(advice(code).next, "another", code);
  for (const code of again) assert.equal(advice(code).next, "again", code);
  const all = [...another, ...again].map((code) => advice(code).title);
  assert.equal(new Set(all).size, all.length, "each has its own");
});

Deno.test("what is not known beforehand is said as the panel says it", () => {
  assert.deepEqual(advice("new-reason"), {
    title: "That did not work",
    text: "As the panel says it",
    next: "again",
  });
});
