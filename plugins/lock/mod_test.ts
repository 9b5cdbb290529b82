import assert from "node:assert/strict";
import { z } from "zod";
import { partChanged } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { OWNER, provideAll, startBench } from "../testing/bench.ts";
import lock from "./mod.ts";

async function door(config: unknown = {}) {
  const bench = await startBench(lock, { config });
  let count = 0;
  return {
    ...bench,
    release: () =>
      bench.access.release({ requestId: `r-${++count}`, accessPoint: "lock", actor: OWNER, via: "app" }),
    state: async () => await bench.parts.get("lock")?.state(),
  };
}

Deno.test("B-REL-1: a release is one pulse of 700 ms", async () => {
  const { release, edges, clock } = await door();
  assert.equal((await release()).outcome, "released");
  await clock.advance(60_000);
  assert.deepEqual(edges("lock"), [[0, 1], [700, 0]]);
});

Deno.test("B-REL-1: the pulse may be set from 100 ms to 10 s and not beyond", async () => {
  for (const pulseMs of [100, 10_000]) {
    const { release, edges, clock } = await door({ pulseMs });
    await release();
    await clock.advance(60_000);
    assert.deepEqual(edges("lock"), [[0, 1], [pulseMs, 0]]);
  }
  for (const pulseMs of [99, 10_001, 0, -700, 700.5, "700", null]) {
    const { error } = lock.config.safeParse({ pulseMs });
    assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), ["pulseMs"]);
  }
});

Deno.test("B-REL-1: both limits and the external supply are named where the output is configured", () => {
  const { properties } = z.toJSONSchema(lock.config, { io: "input" });
  const { pulseMs } = properties as Record<string, { description?: string; default?: number }>;
  assert.match(pulseMs?.description ?? "", /12 V \/ 1\.1 A.*external supply/);
  assert.equal(pulseMs?.default, 700);
});

Deno.test("B-REL-5: a request during the pulse neither lengthens nor repeats it", async () => {
  const { release, edges, clock } = await door();
  await release();
  await clock.advance(699);
  assert.equal((await release()).outcome, "already-released");
  await clock.advance(1_000);
  assert.deepEqual(edges("lock"), [[0, 1], [700, 0]]);
  assert.equal((await release()).outcome, "released");
});

Deno.test("B-REL-5: a second pulse asked of the output itself changes nothing either", async () => {
  const { access, edges, clock } = await door();
  const point = access.points.get("lock");
  await point?.open("first");
  await clock.advance(300);
  await point?.open("second");
  await clock.advance(5_000);
  assert.deepEqual(edges("lock"), [[0, 1], [700, 0]]);
});

Deno.test("B-REL-1: an output that refuses is a failed release and no open door", async () => {
  const { release, board, state, edges } = await door();
  board.setFault({ kind: "output-refuses", output: "lock" }, true);
  assert.equal((await release()).outcome, "failed");
  assert.deepEqual(await state(), { released: false, pulseMs: 700 });
  assert.deepEqual(edges("lock"), []);
});

Deno.test("B-REL-1: the household sees the pulse begin and end, and the door by its name", async () => {
  const { release, hear, clock, parts, access } = await door({ name: "Garden door" });
  const told = hear(partChanged);
  assert.equal(parts.get("lock")?.kind, "lock");
  assert.equal(parts.get("lock")?.name, "Garden door");
  assert.equal((await access.accessPoints())[0]?.name, "Garden door");
  await release();
  await clock.advance(1_000);
  assert.deepEqual(told.map(({ id, state }) => [id, state.released]), [["lock", true], ["lock", false]]);
});

Deno.test("start, stop and start of lock leaves nothing behind", async () => {
  const always = { days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "00:00", to: "24:00" };
  let release = () => {};
  for (const config of [{}, { strike: "continuous-duty", holdOpen: { windows: [always] } }]) {
    await checkLifecycle({
      plugin: lock,
      config,
      services(core, clock) {
        const { access } = provideAll(core, clock);
        release = () => void access.points.get("lock")?.open("a request");
      },
      async exercise(_core, clock) {
        release();
        await clock.advance(7_000);
      },
    });
  }
});
