import assert from "node:assert/strict";
import { BUILT, guess, isDue, periodAt, ROOT_PERIOD } from "./validity.ts";

const DAY_MS = 24 * 60 * 60_000;
const NOW = Date.UTC(2028, 5, 1);
const present = periodAt(NOW);

Deno.test("a certificate lasts as long as Apple's devices take, and never longer than its root", () => {
  const { from, until } = periodAt(NOW);
  assert.ok(until - from <= 825 * DAY_MS);
  for (const now of [0, BUILT, NOW, Date.UTC(2048, 0, 1), Date.UTC(2050, 0, 1)]) {
    const period = periodAt(guess({ now, trusted: true }, undefined));
    assert.ok(period.from >= ROOT_PERIOD.from && period.until <= ROOT_PERIOD.until, `${now}`);
  }
});

Deno.test("a clock that is believed is followed; one that shows what can't be is not", () => {
  assert.equal(guess({ now: NOW + 900 * DAY_MS, trusted: true }, present), NOW + 900 * DAY_MS);
  for (const now of [0, BUILT - 1, Date.UTC(2050, 0, 1), Date.UTC(2099, 0, 1)]) {
    assert.equal(guess({ now, trusted: true }, present), NOW);
    assert.equal(guess({ now, trusted: true }, undefined), BUILT);
  }
});

Deno.test("a clock that is not believed makes no certificate for its future, but one for its past", () => {
  assert.equal(guess({ now: NOW + 900 * DAY_MS, trusted: false }, present), NOW);
  assert.equal(guess({ now: NOW - 300 * DAY_MS, trusted: false }, present), NOW - 300 * DAY_MS);
  assert.equal(guess({ now: NOW, trusted: false }, undefined), NOW);
});

Deno.test("a certificate is due long before it ends, and where it has not begun", () => {
  assert.ok(!isDue(present, NOW));
  assert.ok(!isDue(present, NOW + 299 * DAY_MS));
  assert.ok(isDue(present, NOW + 301 * DAY_MS));
  assert.ok(!isDue(present, NOW - 199 * DAY_MS));
  assert.ok(isDue(present, NOW - 201 * DAY_MS));
});
