import assert from "node:assert/strict";
import { z } from "zod";
import { LatchkeyError } from "../../errors.ts";
import type { Json } from "../../json.ts";
import { type Part, partsPoint } from "../../parts.ts";
import { definePlugin } from "../../plugin/plugin.ts";
import { ApiPanel } from "../testing/api_panel.ts";

function lamp(told: unknown[] = []): Part {
  return {
    id: "lamp",
    kind: "light",
    name: "Lamp",
    state: () => Promise.resolve({ on: told.length > 0 }),
    commands: {
      set: {
        args: z.strictObject({ level: z.number().min(0).max(1) }),
        run: (args, actor) => Promise.resolve(void told.push([args, actor.name])),
      },
      break: {
        args: z.strictObject({}),
        run: () => Promise.reject(new LatchkeyError("output-failed", "No answer", { status: 502 })),
      },
    },
  };
}

const withLamp = (part: Part) =>
  definePlugin({ id: "lamp", api: 1, setup: (ctx) => void ctx.contribute(partsPoint, part) });

Deno.test("parts are listed with their state and what they can be told", async () => {
  await using panel = await ApiPanel.start({ plugins: [withLamp(lamp())] });
  const { body } = await panel.ask("GET", "/parts");
  assert.deepEqual(body, [{
    id: "lamp",
    kind: "light",
    name: "Lamp",
    state: { on: false },
    commands: {
      set: {
        type: "object",
        properties: { level: { type: "number", minimum: 0, maximum: 1 } },
        required: ["level"],
        additionalProperties: false,
      },
      break: { type: "object", properties: {}, additionalProperties: false },
    },
  }]);
  await panel.core.host.halt("lamp");
  assert.deepEqual((await panel.ask("GET", "/parts")).body, []);
});

Deno.test("a part with a dot in its id is listed and told like any other, with what its state and events mean", async () => {
  const told: unknown[] = [];
  const meanings: Partial<Part> = {
    values: { warmth: { type: "number", name: "Warmth", min: 0, max: 1 } },
    events: { types: ["worn-out"] },
  };
  const part = { ...lamp(told), id: "lamp.top", ...meanings };
  await using panel = await ApiPanel.start({ plugins: [withLamp(part)] });
  const { body: [seen] } = await panel.ask("GET", "/parts");
  assert.deepEqual({ values: seen.values, events: seen.events }, meanings);
  const answer = await panel.ask("POST", "/parts/lamp.top/commands/set", { body: { level: 1 } });
  assert.equal(answer.status, 204);
  assert.equal(told.length, 1);
});

Deno.test("a command is checked by its schema and run with who asked", async () => {
  const told: unknown[] = [];
  await using panel = await ApiPanel.start({ plugins: [withLamp(lamp(told))] });
  const path = "/parts/lamp/commands/set";
  for (const body of [{}, { level: 2 }, { level: "1" }, { level: 1, fast: true }, 7, null]) {
    const answer = await panel.ask("POST", path, { body });
    assert.deepEqual([answer.status, answer.body.code], [400, "input-invalid"], JSON.stringify(body));
  }
  assert.deepEqual(told, []);
  assert.equal((await panel.ask("POST", path, { body: { level: 0.5 } })).status, 204);
  assert.deepEqual(told, [[{ level: 0.5 }, "Owner"]]);
});

Deno.test("a command's refusal is its part's, and a command without arguments needs no body", async () => {
  await using panel = await ApiPanel.start({ plugins: [withLamp(lamp())] });
  const { status, body } = await panel.ask("POST", "/parts/lamp/commands/break");
  assert.deepEqual([status, body.code], [502, "output-failed"]);
});

Deno.test("an unknown part or command is answered 404", async () => {
  await using panel = await ApiPanel.start({ plugins: [withLamp(lamp())] });
  for (
    const path of ["/parts/lump/commands/set", "/parts/lamp/commands/sit", "/parts/lamp/commands/toString"]
  ) {
    const { status, body } = await panel.ask("POST", path, { body: {} });
    assert.deepEqual([status, body.code], [404, "command-unknown"], path);
  }
});

Deno.test("a part that fails or never answers is shown without its state, the others with theirs", async () => {
  const failing = { ...lamp(), id: "failing", state: () => Promise.reject(new Error("no")) };
  const throwing = {
    ...lamp(),
    id: "throwing",
    state: (): never => {
      throw new Error("no");
    },
  };
  const hanging = { ...lamp(), id: "hanging", state: () => new Promise<{ [key: string]: Json }>(() => {}) };
  const parts = [failing, lamp(), throwing, hanging];
  const plugins = [definePlugin({
    id: "many",
    api: 1,
    setup: (ctx) => parts.forEach((part) => ctx.contribute(partsPoint, part)),
  })];
  await using panel = await ApiPanel.start({ plugins });
  const asked = panel.ask("GET", "/parts");
  await panel.clock.advance(3_000);
  const { body } = await asked;
  assert.deepEqual(
    body.map(({ id, state }: { id: string; state: unknown }) => [id, state]),
    [["failing", {}], ["lamp", { on: false }], ["throwing", {}], ["hanging", {}]],
  );
});

Deno.test("a second part of the same id is not shown, and the first stays when it goes", async () => {
  const other = definePlugin({
    id: "other",
    api: 1,
    setup: (ctx) => void ctx.contribute(partsPoint, { ...lamp(), name: "Other" }),
  });
  await using panel = await ApiPanel.start({ plugins: [withLamp(lamp()), other] });
  const names = async () => (await panel.ask("GET", "/parts")).body.map(({ name }: Part) => name);
  assert.deepEqual(await names(), ["Lamp"]);
  await panel.core.host.halt("other");
  assert.deepEqual(await names(), ["Lamp"]);
});
