import assert from "node:assert/strict";
import { dayText, durationText, fromLocalInput, toLocalInput } from "./times.ts";

Deno.test("days are counted by the calendar, not by hours", () => {
  const now = new Date(2026, 4, 5, 0, 10).getTime();
  assert.equal(dayText(new Date(2026, 4, 5, 0, 5).getTime(), now), "Today");
  assert.equal(dayText(new Date(2026, 4, 4, 23, 59).getTime(), now), "Yesterday");
  assert.equal(dayText(new Date(2026, 4, 3, 12).getTime(), now), "Sunday 3 May");
  assert.equal(dayText(new Date(2025, 4, 3, 12).getTime(), now), "3 May 2025");
});

Deno.test("durations are said in the unit that fits", () => {
  assert.deepEqual([400, 12_000, 90_000, 3_600_000, 3_900_000].map(durationText), [
    "0 s",
    "12 s",
    "2 min",
    "1 h",
    "1 h 5 min",
  ]);
});

Deno.test("a date field keeps its minute on the way there and back", () => {
  const at = new Date(2026, 9, 25, 8, 30).getTime();
  assert.equal(toLocalInput(at), "2026-10-25T08:30");
  assert.equal(Date.parse(fromLocalInput(toLocalInput(at))), at);
  assert.equal(fromLocalInput(""), "");
});
