import assert from "node:assert/strict";
import { boardService, contributeReleasable, membersChanged } from "../../core/mod.ts";
import { OWNER, startBench } from "../testing/bench.ts";
import { present } from "../testing/fakes.ts";
import type { Enrolment } from "./keys.ts";
import rfid from "./mod.ts";

const NEW = "04FFEEDD";
const WISH = { holderName: "Chiara", terms: { accessPoints: ["lock"] } };

/** What becomes of an enrolment that an owner began, and of its badge, after this change to the members. */
async function after(change: { id: string; change: "added" | "changed" | "removed"; devices: string[] }) {
  const bench = await startBench(rfid);
  const { core: ctx } = bench;
  const board = ctx.use(boardService);
  await contributeReleasable({ ctx, board, id: "lock", kind: "lock", name: "lock", pulseMs: 500 });
  await bench.call("post", "/enrolments", { body: WISH });
  ctx.emit(membersChanged, change);
  await bench.clock.advance(0);
  const { state } = await bench.call("get", "/enrolments/current") as Enrolment;
  present(ctx, NEW);
  await bench.clock.advance(500);
  return { state, added: bench.credentials.cards.has(NEW), told: bench.access.told[0] };
}

Deno.test("I-10: an enrolment ends with the access of whoever began it, and with one of their devices", async () => {
  const ended = { state: "cancelled", added: false, told: "enrolment cancelled" };
  assert.deepEqual(await after({ id: OWNER.id, change: "removed", devices: ["device-1"] }), ended);
  assert.deepEqual(await after({ id: OWNER.id, change: "changed", devices: ["device-1"] }), ended);
});

Deno.test("an enrolment goes on whatever happens to the access of others", async () => {
  for (
    const change of [
      { id: "member-2", change: "removed" as const, devices: ["device-2"] },
      { id: OWNER.id, change: "changed" as const, devices: [] },
      { id: OWNER.id, change: "added" as const, devices: [] },
    ]
  ) {
    const { state, added } = await after(change);
    assert.deepEqual([state, added], ["waiting", true]);
  }
});
