import assert from "node:assert/strict";
import { definePlugin } from "./plugin.ts";
import { testHost, tiles, waved } from "./testing/test_host.ts";

Deno.test("effects are undone last-in first-out, also past one that throws", async () => {
  const { host, lines } = testHost();
  const undone: string[] = [];
  host.add(
    definePlugin({
      id: "three",
      api: 1,
      setup(ctx) {
        ctx.defer("first", () => void undone.push("first"));
        ctx.defer("second", () => {
          throw new Error("stuck");
        });
        ctx.defer("third", () => void undone.push("third"));
      },
    }),
    {},
  );
  await host.start();
  await host.stop();
  assert.deepEqual(undone, ["third", "first"]);
  assert.match(lines.join(), /"effect":"second","error":"stuck"/);
});

Deno.test("start, stop, start leaves no effect and no timer", async () => {
  const { host, clock } = testHost();
  host.add(
    definePlugin({
      id: "busy",
      api: 1,
      setup(ctx) {
        ctx.every(1000, () => {});
        ctx.after(5000, () => {});
        ctx.on(waved, () => {});
        ctx.contribute(tiles, "x");
      },
    }),
    {},
  );
  await host.start();
  const before = host.effects();
  await clock.advance(2000);
  await host.restart("busy");
  assert.deepEqual(host.effects(), before);
  await host.stop();
  assert.deepEqual(host.effects(), { core: [], busy: [] });
  assert.equal(clock.pending, 0);
});

Deno.test("a stopped plugin's context refuses to register more", async () => {
  const { host } = testHost();
  let late: () => void = () => {};
  host.add(
    definePlugin({ id: "late", api: 1, setup: (ctx) => void (late = () => ctx.on(waved, () => {})) }),
    {},
  );
  await host.start();
  await host.stop();
  assert.throws(late, /Plugin "late" has stopped/);
});

Deno.test("what setup, a listener, a timer and an undo come to does not matter, nor need it be nothing", async () => {
  const { host, clock } = testHost();
  const told: number[] = [];
  const brief = definePlugin({
    id: "brief",
    api: 1,
    setup(ctx) {
      ctx.on(waved, (times) => told.push(times));
      ctx.after(10, () => told.push(10));
      ctx.defer("say so", () => told.push(-1));
      return ctx.contribute(tiles, "a tile");
    },
  });
  host.add(brief, {});
  await host.start();
  host.core.emit(waved, 1);
  await clock.advance(10);
  await host.stop();
  assert.deepEqual(told, [1, 10, -1]);
});
