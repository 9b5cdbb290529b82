import assert from "node:assert/strict";
import { z } from "zod";
import type { Actor } from "../access/model.ts";
import type { LatchkeyError } from "../errors.ts";
import { type Part, partOccurred, partsPoint } from "../parts.ts";
import { defineEvent } from "../plugin/keys.ts";
import { grantOf, IsolatedBench, plugin } from "./testing/isolated_bench.ts";

const OWNER: Actor = { kind: "person", id: "member-1", name: "Anna", scopes: ["release"] };

Deno.test("parts of others are seen where that was granted, without their pictures, and told what to do where that was too", async () => {
  const done: unknown[] = [];
  const lamp: Part = {
    id: "lamp",
    kind: "light",
    name: "Lamp",
    state: () => Promise.resolve({ on: false }),
    picture: () => Promise.resolve(Uint8Array.of(0xff, 0xd8)),
    commands: {
      set: {
        args: z.strictObject({ on: z.boolean() }),
        run: (args, actor) => Promise.resolve(void done.push([args, actor.kind, actor.id, actor.scopes])),
      },
    },
  };
  const seen: unknown[] = [];
  const bridge = plugin("bridge", [], (ctx) => {
    ctx.watch(partsPoint, {
      async added(part, owner) {
        seen.push([part.id, owner, await part.state(), part.picture]);
        for (const on of [true, 1]) {
          try {
            await part.commands!["set"]!.run({ on }, OWNER);
          } catch (error) {
            seen.push((error as LatchkeyError).code);
          }
        }
      },
      removed: (part) => void seen.push(`${part.id} gone`),
    });
  });
  const lights = plugin("lights", [], (ctx) => void ctx.contribute(partsPoint, lamp));
  const run = async (parts: "none" | "read" | "control") => {
    seen.length = 0;
    await using bench = new IsolatedBench([grantOf("bridge", { parts })], { modules: { bridge } });
    bench.host.add(lights, {});
    await bench.start();
    await bench.clock.advance(0);
    await bench.host.halt("lights");
    await bench.clock.advance(0);
    return bench.state("bridge");
  };
  assert.match(await run("none"), /^failed: .*was not granted to see the home's parts$/);
  assert.equal(await run("read"), "running");
  const told = ["lamp", "lights", { on: false }, undefined];
  assert.deepEqual([seen, done], [[told, "plugin-not-granted", "plugin-not-granted", "lamp gone"], []]);
  await run("control");
  assert.deepEqual(seen, [told, "arguments-invalid", "lamp gone"]);
  assert.deepEqual(done, [[{ on: true }, "plugin", "bridge", []]]);
});

Deno.test("a part says what its values mean, tells what happens to it and to no other, and can be taken back", async () => {
  const remove = defineEvent("remote.remove", z.null());
  const bell: Part = {
    id: "remote.bell",
    kind: "event",
    name: "Back door",
    state: () => Promise.resolve({ battery: 80 }),
    values: { battery: { type: "number", name: "Battery", unit: "%", min: 0, max: 100 } },
    events: { types: ["ring"], meaning: "bell" },
  };
  const remote = plugin("remote", [], (ctx) => {
    const takeBack = ctx.contribute(partsPoint, bell);
    ctx.emit(partOccurred, { id: "remote.bell", type: "ring", at: 1 });
    ctx.on(remove, () => {
      takeBack();
      ctx.after(1_000, () => ctx.emit(partOccurred, { id: "lock", type: "ring", at: 2 }));
    });
  });
  await using bench = new IsolatedBench([grantOf("remote")], { modules: { remote } });
  const seen: unknown[] = [];
  bench.host.core.on(partOccurred, ({ id, at }) => void seen.push([id, at]));
  bench.host.core.watch(partsPoint, {
    added: ({ id, values, events }) => void seen.push([id, values, events]),
    removed: ({ id }) => void seen.push(`${id} gone`),
  });
  await bench.start();
  await bench.clock.advance(0);
  assert.deepEqual(seen, [["remote.bell", bell.values, bell.events], ["remote.bell", 1]]);
  bench.host.core.emit(remove, null);
  await bench.clock.advance(0);
  assert.deepEqual(seen.slice(2), ["remote.bell gone"]);
  assert.equal(bench.state("remote"), "running");
  await bench.clock.advance(1_000);
  assert.equal(seen.length, 3);
  assert.match(JSON.stringify(bench.lines), /speaks for a part that is not its own/);
});
