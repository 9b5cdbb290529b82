import assert from "node:assert/strict";
import { z } from "zod";
import type { Actor } from "../access/model.ts";
import { LatchkeyError } from "../errors.ts";
import { type Route, route } from "../http/route.ts";
import { grantOf, IsolatedBench, plugin } from "./testing/isolated_bench.ts";

const OWNER: Actor = { kind: "person", id: "member-1", name: "Anna", scopes: ["release"] };

Deno.test("routes are answered by the plugin's process, which checks what it is sent", async () => {
  const greet = plugin("greeter", [], (ctx) => {
    ctx.routes([route({
      method: "post",
      path: "/greetings/{name}",
      access: "household",
      summary: "Greet somebody",
      params: z.strictObject({ name: z.string() }),
      query: z.strictObject({ times: z.coerce.number().int().default(1) }),
      body: z.strictObject({ word: z.string() }),
      response: z.strictObject({ text: z.string() }),
      handle({ params, query, body, actor }) {
        if (body.word === "boom") throw new LatchkeyError("no-booms", "Not here", { status: 409 });
        return {
          text: `${body.word.repeat(query.times)} ${params.name}, says ${actor.name}${actor.scopes.length}`,
        };
      },
    })]);
  });
  await using bench = new IsolatedBench([grantOf("greeter")], { modules: { greeter: greet } });
  await bench.start();
  const served = bench.routes.get("greeter")![0]! as Route;
  assert.deepEqual([served.access, served.tag, served.path], ["household", "greeter", "/greetings/{name}"]);
  const send = (body: unknown) =>
    served.handle({
      params: { name: "Eva" },
      query: { times: "2" },
      body,
      actor: OWNER,
      caller: { actor: OWNER, source: "" },
      publicKey: "",
    });
  assert.deepEqual(await send({ word: "Hi" }), { text: "HiHi Eva, says Anna0" });
  await assert.rejects(async () => await send({ word: 3 }), { code: "input-invalid", status: 400 });
  await assert.rejects(async () => await send({ word: "boom" }), { code: "no-booms", status: 409 });
  const halted = bench.host.halt("greeter");
  await bench.clock.advance(0);
  await halted;
  assert.equal(bench.routes.size, 0);
});

Deno.test("a route without a credential needs a grant", async () => {
  const open = plugin("hook", [], (ctx) => {
    ctx.routes([route({ method: "post", path: "/in", access: "anyone", summary: "Hear", handle: () => {} })]);
  });
  await using refused = new IsolatedBench([grantOf("hook")], { modules: { hook: open } });
  await refused.start();
  assert.match(refused.state("hook"), /^failed: .*without a credential, at "\/in"$/);
  await using granted = new IsolatedBench([grantOf("hook", { anyone: true })], { modules: { hook: open } });
  await granted.start();
  assert.equal(granted.state("hook"), "running");
});
