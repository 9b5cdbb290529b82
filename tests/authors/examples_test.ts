import assert from "node:assert/strict";
import { join } from "node:path";
import { letIn, readManifest, takeIn } from "../../authors/manifest.ts";
import { startLocalServer } from "../../authors/testing/local_server.ts";
import { wantsSchema } from "../../core/isolate/manifest.ts";
import { type Call, callChanged, callService, codeService, type Part, partsPoint } from "../../core/mod.ts";
import { termsSchema } from "../../core/access/model.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { ROOT } from "../boot/panel_process.ts";
import { CorePanel } from "../isolate/core_panel.ts";
import { isRunning } from "../isolate/installed.ts";
import { soon, until } from "../soon.ts";

const OWNER = { kind: "person", id: "member-1", scopes: [] } as const;
const example = (name: string): string => join(ROOT, "docs", "plugins", "examples", name);

/** Lets an example in as an owner does who grants these hosts in the place of what it wants, in a process of its own. */
async function admit(
  panel: CorePanel,
  data: string,
  name: string,
  net: string[],
  settings = {},
): Promise<void> {
  const waiting = await takeIn(example(name), data);
  const { wants } = readManifest(example(name));
  const thirdParty = await panel.runtime.thirdParty.open();
  await thirdParty.admit(letIn(waiting, { granted: wantsSchema.parse({ ...wants, net }), settings }));
  await panel.until(name, isRunning);
}

function partsOf(panel: CorePanel): Map<string, Part> {
  const parts = new Map<string, Part>();
  panel.runtime.host.core.watch(partsPoint, {
    added: (part) => void parts.set(part.id, part),
    removed: (part) => void parts.delete(part.id),
  });
  return parts;
}

Deno.test(
  "example weather-line: behind its fence it reaches the host that it was granted, and no other",
  inTempDir(async (data) => {
    await using server = await startLocalServer(() => ({
      body: JSON.stringify({ current: { temperature_2m: 12.4, weather_code: 63 } }),
    }));
    await using panel = await CorePanel.start(data);
    const parts = partsOf(panel);
    const line = () => soon(async () => (await parts.get("weather-line")?.state())?.["line"] ?? undefined);
    await admit(panel, data, "weather-line", [new URL(server.origin).host], { url: server.origin });
    assert.equal(await line(), "Rain, 12 °C");
    const before = server.requests.length;
    await admit(panel, data, "weather-line", ["127.0.0.1:9"], { url: server.origin });
    const refused = await soon(() =>
      panel.lines.find(({ message }) => message === "The weather is not known")
    );
    assert.match(String(refused.fields["error"]), /Requires net access/);
    assert.equal(server.requests.length, before);
  }),
);

Deno.test(
  "example http-chime: a visitor's press reaches the chime from a process of its own; a chime that hangs holds up no call",
  inTempDir(async (data) => {
    let hangs = false;
    await using server = await startLocalServer(() => hangs ? undefined : { status: 204 });
    await using panel = await CorePanel.start(data);
    const { core } = panel.runtime.host;
    const states: Call["state"][] = [];
    core.on(callChanged, ({ state }) => states.push(state));
    await admit(panel, data, "http-chime", [new URL(server.origin).host], { url: `${server.origin}/ring` });
    const calls = core.use(callService);
    for (const round of [1, 2]) {
      // The bell takes a second press at once for a trembling hand.
      if (round === 1) panel.board.press("bell");
      else await calls.ring("bell");
      const call = await soon(() => calls.current());
      await until(() => server.requests.length === round, 5);
      assert.equal(JSON.parse(server.requests.at(-1)!.body).call, call.id);
      await calls.answer(call.id, { ...OWNER, scopes: [] });
      await calls.end(call.id, { ...OWNER, scopes: [] });
      hangs = true;
    }
    assert.deepEqual(states, ["ringing", "answered", "ended", "ringing", "answered", "ended"]);
  }),
);

Deno.test(
  "example night-keypad: its denial holds from a process of its own, and the button inside lets people out",
  inTempDir(async (data) => {
    await using panel = await CorePanel.start(data);
    const { core } = panel.runtime.host;
    // Whatever the time of day, it is night.
    const night = { from: "00:00", to: "24:00", refused: "everyone" };
    await admit(panel, data, "night-keypad", [], night);
    const codes = core.use(codeService);
    const terms = termsSchema.parse({ accessPoints: ["lock"] });
    const { text } = await codes.add({ name: "Parcel", form: "pin", terms }, { ...OWNER, scopes: [] });
    const answer = await codes.redeem({
      text,
      accessPoint: "lock",
      requestId: "one",
      source: "test",
      via: "api",
    });
    assert.deepEqual([answer.outcome, answer.message], ["denied", "The door stays shut from 00:00 to 24:00"]);
    assert.equal((await panel.release()).reason, "denied-by-plugin");
    panel.board.press("exit-button");
    const levels = () =>
      panel.board.edges(0, 100).edges.filter(({ line }) => line === "lock").map((e) => e.level);
    await until(() => levels().length === 2, 5);
    assert.deepEqual(levels(), [1, 0]);
  }),
);
