import assert from "node:assert/strict";
import { type AccessService, accessService } from "../access/keys.ts";
import type { ReleaseAnswer } from "../access/model.ts";
import { type Context, definePlugin } from "../plugin/plugin.ts";
import { grantOf, IsolatedBench } from "./testing/isolated_bench.ts";

const AT_ONCE = 60;

/** A plugin that does something 120 times, 60 at once: more than it may do without waiting. */
const eager = (uses: [] | [typeof accessService], act: (ctx: Context, count: number) => Promise<unknown>) =>
  definePlugin({
    id: "eager",
    api: 1,
    uses,
    setup(ctx) {
      const round = (from: number) =>
        Promise.allSettled(Array.from({ length: AT_ONCE }, (_, at) => act(ctx as Context, from + at)));
      void round(0).then(() => round(AT_ONCE));
    },
  });

async function stop(bench: IsolatedBench): Promise<void> {
  const dismissed = bench.thirdParty.dismiss("eager", { kind: "person", id: "member-1", scopes: [] });
  await bench.clock.advance(0);
  await dismissed;
}

Deno.test("releases that a plugin has asked for and that wait their turn are not done once it is removed", async () => {
  let asked = 0;
  const release: AccessService["release"] = () => {
    asked++;
    return Promise.resolve({ outcome: "released" } as ReleaseAnswer);
  };
  const module = eager(
    [accessService],
    (ctx, count) =>
      ctx.use(accessService).release({
        requestId: `r-${count}`,
        accessPoint: "lock",
        actor: { kind: "system", id: "none", scopes: [] },
        via: "app",
      }),
  );
  await using bench = await new IsolatedBench([grantOf("eager", { release: ["lock"] })], {
    modules: { eager: module },
    access: { release },
  }).start();
  await bench.clock.advance(0);
  assert.equal(asked, 100);
  await stop(bench);
  await bench.clock.advance(10_000);
  assert.equal(asked, 100);
});

Deno.test("what a plugin wants kept and waits its turn is not kept once it is removed", async () => {
  const module = eager([], (ctx, count) => ctx.store.set(`key-${count}`, count));
  await using bench = await new IsolatedBench([grantOf("eager")], { modules: { eager: module } }).start();
  await bench.clock.advance(0);
  const kept = bench.stores("eager");
  assert.deepEqual([await kept.get("key-49"), await kept.get("key-50")], [49, undefined]);
  await stop(bench);
  await bench.clock.advance(10_000);
  assert.equal(await kept.get("key-50"), undefined);
});
