import assert from "node:assert/strict";
import { partChanged } from "../../core/mod.ts";
import { CameraPanel } from "./testing/camera_panel.ts";

const PATH = "/plugins/camera/image";
const PLAIN = { brightness: 0, contrast: 0, flip: "none", night: false };

Deno.test("B-SET-1: what the picture looks like changes for everyone, is kept, and yields to new settings", async () => {
  await using bench = await CameraPanel.start();
  const changed = await bench.panel.api("PATCH", PATH, { night: true, brightness: 20 });
  const night = { ...PLAIN, brightness: 20, night: true };
  assert.deepEqual([changed.status, changed.body], [200, night]);
  assert.deepEqual(bench.media.cameras[0]?.image, night);
  assert.deepEqual((await bench.panel.api("PATCH", PATH, { flip: "both" })).body, { ...night, flip: "both" });
  await bench.panel.restart();
  assert.deepEqual((await bench.state()).image, { ...night, flip: "both" });
  assert.deepEqual(bench.media.cameras[0]?.image, { ...night, flip: "both" });
  for (const wrong of [{}, { brightness: 101 }, { contrast: 0.5 }, { flip: "twice" }, { zoom: 2 }]) {
    assert.equal((await bench.panel.api("PATCH", PATH, wrong)).status, 400, JSON.stringify(wrong));
  }
  const { status } = await bench.panel.api("PUT", "/settings/camera", { image: { contrast: 10 } });
  assert.equal(status, 200);
  assert.deepEqual((await bench.state()).image, { ...PLAIN, contrast: 10 });
});

Deno.test("B-SET-1: nobody but an owner changes what the picture looks like, by no way", async () => {
  await using bench = await CameraPanel.start();
  const { panel } = bench;
  for (const role of ["family", "monitor", "guest"]) {
    const device = await bench.join(role, role === "guest" ? { terms: { accessPoints: ["lock"] } } : {});
    const wish = { brightness: -100 };
    assert.equal((await panel.api("PATCH", PATH, wish, device)).status, 403, role);
    const command = await panel.api("POST", "/parts/camera/commands/image", wish, device);
    assert.ok([403, 404].includes(command.status), role);
  }
  assert.deepEqual(bench.media.cameras[0]?.image, PLAIN);
  const parts: { id: string; commands: unknown }[] = (await panel.get("/parts")).body;
  assert.deepEqual(
    parts.find(({ id }) => id === "camera")?.commands,
    {},
    "nor does who drives parts by MQTT",
  );
});

Deno.test("what the picture looks like is kept and told where the media process refuses it, and in force later", async () => {
  await using bench = await CameraPanel.start();
  const { media } = bench;
  const call = media.call.bind(media);
  media.call = (name, args) =>
    name === "configure" ? Promise.reject(new Error("no memory")) : call(name, args);
  const told: unknown[] = [];
  bench.panel.runtime.host.core.on(
    partChanged,
    ({ id, state }) => void (id === "camera" && told.push(state["image"])),
  );
  assert.equal((await bench.panel.api("PATCH", PATH, { night: true })).status, 500);
  media.call = call;
  assert.deepEqual(told.at(-1), { ...PLAIN, night: true });
  media.set(false);
  media.set(true);
  await bench.panel.advance(0);
  assert.deepEqual(media.cameras[0]?.image, { ...PLAIN, night: true });
});

Deno.test("a camera that compresses its picture itself says what it costs to change it", async () => {
  const rtsp = { source: "rtsp", url: "rtsp://10.0.0.9/main", native: "full-hd" };
  await using bench = await CameraPanel.start(rtsp);
  assert.equal((await bench.state()).imageCosts, true);
  await bench.panel.api("PATCH", PATH, { night: true });
  assert.equal((await bench.state()).imageCosts, true, "it would cost nothing without");
  await bench.panel.api("PUT", "/plugins/camera/privacy-areas", [{ x: 0, y: 0, width: 100, height: 100 }]);
  assert.equal((await bench.state()).imageCosts, false, "it is encoded anew for the area already");
});
