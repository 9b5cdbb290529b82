import assert from "node:assert/strict";
import { partOccurred } from "../../core/mod.ts";
import { CameraPanel } from "./testing/camera_panel.ts";

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

Deno.test("B-LIVE-5, B-SET-1: the owner draws zones, looked at at once and over restarts, until the settings give others", async () => {
  const PATH = "/plugins/camera/motion-zones";
  const [given, drawn] = [
    { x: 0, y: 500, width: 1_000, height: 500 },
    { x: 100, y: 0, width: 300, height: 1_000 },
  ];
  const motion = { enabled: true, sensitivity: 70, zones: [given] };
  await using bench = await CameraPanel.start({ motion });
  const family = await bench.join("family");
  assert.equal((await bench.panel.api("PUT", PATH, [drawn], family)).status, 403);
  assert.deepEqual((await bench.panel.get(PATH)).body, [given]);
  const looked = () => bench.media.calls.filter(({ name }) => name === "detect").map(({ args }) => args);
  const looksAt = (zone: unknown) => ({
    camera: "camera",
    definition: "hd",
    watch: { sensitivity: 70, zones: [zone] },
  });
  assert.deepEqual((await bench.panel.api("PUT", PATH, [drawn])).body, [drawn]);
  assert.deepEqual(looked(), [looksAt(given), looksAt(drawn)]);
  await bench.panel.api("PUT", PATH, [drawn]);
  assert.equal(looked().length, 2, "what has not changed is not begun anew");
  await bench.panel.restart();
  assert.deepEqual(looked().at(-1), looksAt(drawn));
  assert.equal((await bench.state()).looksOut, true);
  await bench.panel.api("PUT", "/settings/camera", { motion: { ...motion, zones: [] } });
  assert.deepEqual((await bench.panel.get(PATH)).body, []);
});
