import assert from "node:assert/strict";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { Debouncer } from "./debounce.ts";

function debouncer() {
  const clock = new VirtualClock();
  const changes: unknown[] = [];
  const contact = new Debouncer(clock, 20, (name, active) => changes.push([clock.monotonic(), name, active]));
  contact.raw("bell", false);
  return { clock, changes, contact };
}

Deno.test("a contact counts as changed when it has kept still for 20 ms", async () => {
  const { clock, changes, contact } = debouncer();
  contact.raw("bell", true);
  await clock.advance(19);
  assert.deepEqual(changes, []);
  assert.equal(contact.active("bell"), false);
  await clock.advance(1);
  assert.deepEqual(changes, [[20, "bell", true]]);
  assert.equal(contact.active("bell"), true);
});

Deno.test("bouncing is one change, and a glitch is none", async () => {
  const { clock, changes, contact } = debouncer();
  for (const active of [true, false, true, false, true]) {
    contact.raw("bell", active);
    await clock.advance(2);
  }
  await clock.advance(100);
  assert.deepEqual(changes, [[28, "bell", true]]);
  contact.raw("bell", false);
  await clock.advance(5);
  contact.raw("bell", true);
  await clock.advance(100);
  assert.equal(changes.length, 1);
});

Deno.test("the first word on a contact is its state, not a change; stopping leaves no timer", async () => {
  const { clock, changes, contact } = debouncer();
  contact.raw("door-contact", true);
  assert.equal(contact.active("door-contact"), true);
  assert.equal(contact.active("tamper"), undefined);
  contact.raw("bell", true);
  contact.stop();
  await clock.advance(100);
  assert.deepEqual(changes, []);
  assert.equal(clock.pending, 0);
});
