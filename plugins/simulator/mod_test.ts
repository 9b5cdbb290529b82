import assert from "node:assert/strict";
import { TestDevice } from "../../core/testing/device.ts";
import { type Context, type Page, pagesPoint } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import type { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { simulationService } from "../../drivers/sim/keys.ts";
import { formatFrame } from "../../drivers/sim/frame.ts";
import { FakeMediaPort, mediaLink } from "../../media/testing/fake_port.ts";
import { Panel } from "../../tests/harness/panel.ts";
import { startBench } from "../testing/bench.ts";
import { providePanel } from "../testing/panel.ts";
import { badges } from "./badges.ts";
import simulator from "./mod.ts";

const BASE = "/plugins/simulator";

function provideSimulation(core: Context, _clock: VirtualClock): unknown {
  const nothing = () => Promise.reject(new Error("Not part of this test"));
  core.provide(simulationService, {
    state: nothing,
    edges: nothing,
    press: nothing,
    setInput: nothing,
    present: nothing,
    remove: nothing,
    setSlot: nothing,
    setFault: nothing,
    clearFaults: nothing,
    sendFrames: nothing,
    droppedFrames: nothing,
  });
  providePanel(core);
  return mediaLink(new FakeMediaPort()).setup(core);
}

Deno.test("the simulator shows the board and five badges, and no card's number", async () => {
  await using panel = await Panel.start();
  const { body } = await panel.get(`${BASE}/board`);
  assert.deepEqual(body.badges.map(({ id }: { id: string }) => id), ["red", "blue", "white", "black", "old"]);
  assert.deepEqual(body.readers, [{ name: "reader", card: null }]);
  assert.deepEqual(
    body.outputs.map(({ name }: { name: string }) => name),
    ["lock", "gate", "indicator", "nameplate", "beeper"],
  );
  for (const card of [{ badge: "old" }, { uid: "04C0FFEE", cardKind: "em4100" }]) {
    await panel.post(`${BASE}/readers/reader/present`, card);
    await panel.advance(10);
  }
  const later = await panel.get(`${BASE}/board`);
  assert.deepEqual(later.body.readers, [{ name: "reader", card: { id: null, name: "Card ·FFEE" } }]);
  for (const uid of [...badges.map((badge) => badge.uid), "04C0FFEE"]) {
    assert.ok(!JSON.stringify([body, later.body]).includes(uid));
  }
});

Deno.test("the simulator presses the bell, for as long as told", async () => {
  await using panel = await Panel.start();
  assert.equal((await panel.post(`${BASE}/inputs/bell/press`, { ms: 400 })).status, 204);
  await panel.advance(1_000);
  assert.equal((await panel.get("/calls/current")).body.state, "ringing");
  const presses = panel.edges("bell").map(({ at, level }) => [level, at - panel.edges("bell")[0]!.at]);
  assert.deepEqual(presses, [[1, 0], [0, 400]]);
});

Deno.test("the simulator holds a badge to the reader and takes it away: one that was enrolled opens", async () => {
  await using panel = await Panel.start();
  await panel.enrol(badges[1]!.uid, "Bruno");
  await panel.post(`${BASE}/readers/reader/present`, { badge: "blue" });
  await panel.advance(500);
  assert.equal((await panel.get(`${BASE}/board`)).body.readers[0].card.name, "Blue fob");
  assert.equal((await panel.post(`${BASE}/readers/reader/remove`)).status, 204);
  await panel.advance(2_000);
  assert.deepEqual(panel.pulses("lock"), [700]);
});

Deno.test("the simulator opens the door and lists each edge once, from where it is asked", async () => {
  await using panel = await Panel.start();
  const before = (await panel.get(`${BASE}/edges?limit=1`)).body.total;
  await panel.post(`${BASE}/inputs/door-contact`, { active: true });
  await panel.post(`${BASE}/inputs/door-contact`, { active: false });
  const { body } = await panel.get(`${BASE}/edges?since=${before}`);
  assert.deepEqual(
    body.edges.map(({ line, level }: { line: string; level: number }) => [line, level]),
    [["door-contact", 1], ["door-contact", 0]],
  );
  assert.deepEqual((await panel.get(`${BASE}/edges?since=${body.total}`)).body.edges, []);
});

Deno.test("the simulator breaks hardware, mends one thing, and mends everything", async () => {
  await using panel = await Panel.start();
  const faults = async () => (await panel.get(`${BASE}/board`)).body.faults;
  const refuses = { kind: "output-refuses", output: "lock" };
  const stuck = { kind: "reader-stuck", reader: "reader" };
  for (const fault of [refuses, stuck]) await panel.post(`${BASE}/faults`, { fault, active: true });
  assert.deepEqual(await faults(), [refuses, stuck]);
  assert.equal((await panel.release("lock")).status, 502);
  await panel.post(`${BASE}/faults`, { fault: refuses, active: false });
  assert.deepEqual(await faults(), [stuck]);
  assert.equal((await panel.api("DELETE", `${BASE}/faults`)).status, 204);
  assert.deepEqual(await faults(), []);
});

Deno.test("the simulator lets the reader send what no reader should", async () => {
  await using panel = await Panel.start();
  const send = async (frames: string[]) => {
    assert.equal((await panel.post(`${BASE}/readers/reader/frames`, { frames })).status, 204);
    await panel.advance(1_000);
    return (await panel.accessLog("release")).map(({ reason }) => reason);
  };
  const valid = formatFrame({ change: "present", cardKind: "iso14443a", uid: "04A1B2C3" });
  assert.deepEqual(await send(["", valid.toLowerCase(), valid.slice(0, -1), "\u0000".repeat(100)]), []);
  assert.deepEqual(await send([valid]), ["unknown-credential"]);
});

Deno.test("the simulator refuses what is not there, and says what is", async () => {
  await using panel = await Panel.start();
  const refusals: [string, unknown, number, RegExp][] = [
    ["/inputs/window/press", {}, 404, /bell, exit-button/],
    ["/inputs/window", { active: true }, 404, /"window"/],
    ["/inputs/bell", { active: "yes" }, 400, /active/],
    ["/inputs/bell/press", { ms: 60_000 }, 400, /ms/],
    ["/readers/other/present", { badge: "red" }, 404, /"other"/],
    ["/readers/reader/present", { badge: "green" }, 404, /red, blue/],
    ["/readers/reader/present", { uid: "04a1b2c3" }, 400, /./],
    ["/readers/reader/present", {}, 400, /./],
    ["/faults", { fault: { kind: "output-refuses", output: "siren" }, active: true }, 404, /siren/],
    ["/faults", { fault: { kind: "fire" }, active: true }, 400, /fault/],
  ];
  for (const [path, body, status, detail] of refusals) {
    const reply = await panel.post(BASE + path, body);
    assert.equal(reply.status, status, path);
    assert.match(reply.body.detail, detail);
  }
  assert.equal((await panel.get(`${BASE}/edges?limit=0`)).status, 400);
});

Deno.test("the simulator's routes are the owner's", async () => {
  await using panel = await Panel.start();
  const stranger = new TestDevice();
  assert.equal((await panel.api("GET", `${BASE}/board`, undefined, stranger)).status, 401);
  assert.equal((await panel.api("POST", `${BASE}/inputs/bell/press`, {}, stranger)).status, 401);
  await panel.advance(1_000);
  assert.deepEqual(panel.edges("bell"), []);
});

Deno.test("the simulator's page is there with the simulated board only", async () => {
  const pages = new Map<string, Page>();
  const watch = (core: Context) =>
    core.watch(pagesPoint, {
      added: (page) => void pages.set(page.path, page),
      removed: (page) => void pages.delete(page.path),
    });
  const without = await startBench(simulator);
  watch(without.core);
  assert.equal(without.status()?.reason, "waits for simulation, media");
  assert.equal(pages.size, 0);
  provideSimulation(without.core, without.clock);
  await without.host.start();
  assert.equal(pages.get("/simulator")?.file, "simulator.html");
  await without.host.halt("simulator");
  assert.equal(pages.size, 0);
});

Deno.test("start, stop and start of simulator leaves nothing behind", async () => {
  await checkLifecycle({ plugin: simulator, services: provideSimulation });
});
