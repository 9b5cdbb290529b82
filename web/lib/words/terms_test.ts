import assert from "node:assert/strict";
import type { Terms } from "../../../core/access/model.ts";
import { cardState, daysText, usesText, validityText, windowText } from "./terms.ts";

const terms: Terms = {
  validity: { kind: "always" },
  accessPoints: ["lock"],
  usesLeft: null,
  suspended: false,
};

Deno.test("B-CARD-4: days that follow each other are said as a run", () => {
  assert.equal(daysText(["mon", "tue", "wed", "thu", "fri"]), "Mon–Fri");
  assert.equal(daysText(["sun", "sat"]), "Sat, Sun");
  assert.equal(daysText(["mon", "wed", "thu", "fri", "sun"]), "Mon, Wed–Fri, Sun");
  assert.equal(daysText(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), "Every day");
});

Deno.test("B-CARD-4: a window over midnight says so", () => {
  assert.equal(windowText({ days: ["fri"], from: "22:00", to: "02:00" }), "Fri 22:00–02:00 next day");
  assert.equal(windowText({ days: ["fri"], from: "08:00", to: "12:00" }), "Fri 08:00–12:00");
  assert.equal(windowText({ days: ["fri"], from: "00:00", to: "24:00" }), "Fri");
});

Deno.test("B-CARD-4: validity is said in words", () => {
  assert.equal(validityText({ kind: "always" }), "Always");
  const windows = [{ days: ["tue" as const, "fri" as const], from: "08:00", to: "12:00" }];
  assert.equal(
    validityText({ kind: "weekly", zone: "Europe/Rome", windows }),
    "Tue, Fri 08:00–12:00 (Europe/Rome)",
  );
});

Deno.test("B-CARD-4: a card's state is that of its strictest term", () => {
  const from = "2026-05-01T00:00:00Z";
  const until = "2026-05-08T00:00:00Z";
  const week: Terms = { ...terms, validity: { kind: "period", from, until } };
  const word = (given: Terms, at: string) => cardState(given, Date.parse(at)).word;
  assert.equal(word(terms, from), "Valid");
  assert.equal(word(week, "2026-04-30T23:59:59Z"), "Not valid yet");
  assert.equal(word(week, "2026-05-07T23:59:59Z"), "Valid");
  assert.equal(word(week, until), "Expired");
  assert.equal(word({ ...terms, usesLeft: 0 }, from), "Used up");
  assert.equal(word({ ...week, usesLeft: 0, suspended: true }, from), "Suspended");
});

Deno.test("uses are counted in words", () => {
  assert.deepEqual([null, 0, 1, 3].map(usesText), [undefined, "Used up", "1 use left", "3 uses left"]);
});
