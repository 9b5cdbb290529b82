import assert from "node:assert/strict";
import { partChanged, partOccurred } from "../../core/mod.ts";
import { CameraPanel } from "./testing/camera_panel.ts";

const PATH = "/plugins/camera/motion";
const DRAWN = { x: 100, y: 0, width: 300, height: 1_000 };

Deno.test("B-LIVE-5: motion is one event for each time that it begins, and a state while it goes on", async () => {
  const zone = { x: 0, y: 500, width: 1_000, height: 500 };
  await using bench = await CameraPanel.start({ motion: { enabled: true, sensitivity: 70, zones: [zone] } });
  assert.deepEqual(bench.media.calls.find(({ name }) => name === "detect")?.args, {
    camera: "camera",
    definition: "hd",
    watch: { sensitivity: 70, zones: [zone] },
  });
  const heard: string[] = [];
  bench.panel.runtime.host.core.on(partOccurred, ({ id, type }) => void heard.push(`${id} ${type}`));
  const see = () => bench.media.tell({ event: "detected", camera: "camera", what: "motion" });
  for (let i = 0; i < 4; i++) {
    see();
    assert.equal((await bench.state()).motion, true);
    await bench.panel.advance(2_000);
  }
  assert.deepEqual(heard, ["camera motion"]);
  await bench.panel.advance(5_000);
  assert.equal((await bench.state()).motion, false);
  see();
  assert.deepEqual(heard, ["camera motion", "camera motion"]);
});

Deno.test("B-LIVE-5: unless the owner wants it nothing is looked at, and a new media process is told of it", async () => {
  await using bench = await CameraPanel.start();
  const detects = () => bench.media.calls.filter(({ name }) => name === "detect").length;
  assert.equal(detects(), 0);
  await bench.panel.api("PUT", "/settings/camera", { motion: { enabled: true } });
  assert.equal(detects(), 1);
  bench.media.set(false);
  bench.media.set(true);
  await bench.panel.advance(0);
  assert.equal(detects(), 2);
  await bench.panel.api("PUT", "/settings/camera", { motion: { enabled: false } });
  assert.deepEqual(bench.media.calls.filter(({ name }) => name === "detect").at(-1)?.args, {
    camera: "camera",
    definition: "hd",
    watch: null,
  });
});

Deno.test("B-LIVE-5, B-SET-1: the owner has motion looked for as they say, at once and over restarts, and ends it", async () => {
  await using bench = await CameraPanel.start();
  const { panel } = bench;
  assert.deepEqual((await panel.get(PATH)).body, { enabled: false, sensitivity: 50, zones: [] });
  const wish = { enabled: true, sensitivity: 70, zones: [DRAWN] };
  const { status, body } = await panel.api("PUT", PATH, wish);
  assert.deepEqual([status, body], [200, wish]);
  assert.deepEqual(looked(bench), [{ sensitivity: 70, zones: [DRAWN] }]);
  assert.equal((await bench.state()).looksOut, true);
  await panel.api("PUT", PATH, wish);
  assert.equal(looked(bench).length, 1, "what has not changed is not begun anew");
  await panel.restart();
  assert.deepEqual(looked(bench).at(-1), { sensitivity: 70, zones: [DRAWN] });
  assert.equal((await bench.state()).looksOut, true);

  const moves = () => bench.media.tell({ event: "detected", camera: "camera", what: "motion" });
  moves();
  assert.equal((await bench.state()).motion, true);
  await panel.api("PUT", PATH, { ...wish, enabled: false });
  assert.equal(looked(bench).at(-1), null);
  moves();
  const { motion, looksOut } = await bench.state();
  assert.deepEqual([motion, looksOut], [false, false], "what was on its way counts no more");
  assert.deepEqual((await panel.get(PATH)).body.zones, [DRAWN], "the zones are there when it is on again");
  const told: unknown[] = [];
  panel.runtime.host.core.on(partChanged, ({ id, state }) => void (id === "camera" && told.push(state)));
  await panel.advance(10_000);
  assert.deepEqual(told, [], "nor is its end told once more");
});

Deno.test("B-LIVE-5: nobody but an owner says whether motion is looked for, and only what can be", async () => {
  await using bench = await CameraPanel.start();
  const wish = { enabled: true, sensitivity: 70, zones: [] };
  for (const role of ["family", "monitor", "guest"]) {
    const device = await bench.join(role, role === "guest" ? { terms: { accessPoints: ["lock"] } } : {});
    assert.equal((await bench.panel.api("GET", PATH, undefined, device)).status, 403, role);
    assert.equal((await bench.panel.api("PUT", PATH, wish, device)).status, 403, role);
  }
  const refusals = [
    [{ ...wish, sensitivity: 0 }, "sensitivity"],
    [{ ...wish, enabled: "yes" }, "enabled"],
    [{ ...wish, zones: [{ ...DRAWN, width: 901 }] }, "zones.0.width"],
    [{ enabled: true, sensitivity: 70 }, "zones"],
  ] as const;
  for (const [body, field] of refusals) {
    const { status, body: problem } = await bench.panel.api("PUT", PATH, body);
    assert.deepEqual([status, problem.errors?.[0].field], [400, field], JSON.stringify(problem));
  }
  assert.deepEqual(looked(bench), []);
});

Deno.test("B-LIVE-5, B-SET-1: what the owner said yields to new settings, zones to zones and the rest to the rest", async () => {
  const given = { x: 0, y: 500, width: 1_000, height: 500 };
  const motion = { enabled: true, sensitivity: 70, zones: [given] };
  await using bench = await CameraPanel.start({ motion });
  const { panel } = bench;
  assert.deepEqual((await panel.get(PATH)).body, motion);
  await panel.api("PUT", PATH, { enabled: false, sensitivity: 30, zones: [DRAWN] });
  await panel.api("PUT", "/settings/camera", { motion, fps: 10 });
  assert.deepEqual((await panel.get(PATH)).body, { enabled: false, sensitivity: 30, zones: [DRAWN] });
  await panel.api("PUT", "/settings/camera", { motion: { ...motion, sensitivity: 80 } });
  assert.deepEqual((await panel.get(PATH)).body, { enabled: true, sensitivity: 80, zones: [DRAWN] });
  assert.deepEqual(looked(bench).at(-1), { sensitivity: 80, zones: [DRAWN] });
  await panel.api("PUT", "/settings/camera", { motion: { ...motion, sensitivity: 80, zones: [] } });
  assert.deepEqual((await panel.get(PATH)).body, { enabled: true, sensitivity: 80, zones: [] });
});

/** How the media process was told to look, null where it was told to end it. */
function looked({ media }: CameraPanel): unknown[] {
  return media.calls.filter(({ name }) => name === "detect").map(({ args }) =>
    (args as { watch: unknown }).watch
  );
}
