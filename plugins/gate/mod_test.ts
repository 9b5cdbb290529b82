import assert from "node:assert/strict";
import { z } from "zod";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { OWNER, provideAll, startBench } from "../testing/bench.ts";
import gate from "./mod.ts";

async function motor(config: unknown = {}) {
  const bench = await startBench(gate, { config });
  let count = 0;
  return {
    ...bench,
    release: () =>
      bench.access.release({ requestId: `r-${++count}`, accessPoint: "gate", actor: OWNER, via: "app" }),
  };
}

Deno.test("B-REL-2: a release closes the contact once, for half a second, and touches no other output", async () => {
  const { release, board, clock } = await motor();
  assert.equal((await release()).outcome, "released");
  await clock.advance(60_000);
  const { edges } = board.edges(0, 100);
  assert.deepEqual(edges.map(({ line, at, level }) => [line, at, level]), [["gate", 0, 1], ["gate", 500, 0]]);
});

Deno.test("B-REL-2: the pulse may be set from 100 ms to 10 s and not beyond", async () => {
  for (const pulseMs of [100, 10_000]) {
    const { release, edges, clock } = await motor({ pulseMs });
    await release();
    await clock.advance(60_000);
    assert.deepEqual(edges("gate"), [[0, 1], [pulseMs, 0]]);
  }
  for (const pulseMs of [99, 10_001, 1.5, "500"]) {
    const { error } = gate.config.safeParse({ pulseMs });
    assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), ["pulseMs"]);
  }
});

Deno.test("B-REL-2: what the contact can bear is named where the output is configured", () => {
  const { properties } = z.toJSONSchema(gate.config, { io: "input" });
  const { pulseMs } = properties as Record<string, { description?: string }>;
  assert.match(pulseMs?.description ?? "", /dry contact.*12 V \/ 2 A/);
});

Deno.test("B-REL-5: a second press of the motor's button during the first is none: it would stop the gate", async () => {
  const { release, edges, clock, access } = await motor();
  await release();
  await clock.advance(499);
  assert.equal((await release()).outcome, "already-released");
  await access.points.get("gate")?.open("the output itself");
  await clock.advance(5_000);
  assert.deepEqual(edges("gate"), [[0, 1], [500, 0]]);
});

Deno.test("B-REL-2: a contact that refuses is a failed release", async () => {
  const { release, board, parts } = await motor();
  board.setFault({ kind: "output-refuses", output: "gate" }, true);
  assert.equal((await release()).outcome, "failed");
  assert.deepEqual(await parts.get("gate")?.state(), { released: false, pulseMs: 500 });
});

Deno.test("B-REL-2: the gate is a part of its own with the name it was given", async () => {
  const { parts, access } = await motor({ name: "Driveway" });
  assert.deepEqual([parts.get("gate")?.kind, parts.get("gate")?.name], ["gate", "Driveway"]);
  assert.deepEqual((await access.accessPoints()).map(({ id, name }) => [id, name]), [["gate", "Driveway"]]);
});

Deno.test("start, stop and start of gate leaves nothing behind", async () => {
  let release = () => {};
  await checkLifecycle({
    plugin: gate,
    services(core, clock) {
      const { access } = provideAll(core, clock);
      release = () => void access.points.get("gate")?.open("a request");
    },
    async exercise(_core, clock) {
      release();
      await clock.advance(1_000);
    },
  });
});
