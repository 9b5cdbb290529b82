import assert from "node:assert/strict";
import { type Context, type Part, partsPoint } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { FakeMediaPort, mediaLink } from "../../media/testing/fake_port.ts";
import { provideAll } from "../testing/bench.ts";
import { CameraPanel } from "./testing/camera_panel.ts";
import camera from "./mod.ts";
import { providePanel } from "../testing/panel.ts";

const AREA = { x: 0, y: 0, width: 500, height: 500 };

Deno.test("start, stop and start of camera leaves nothing behind", async () => {
  const port = new FakeMediaPort();
  port.set(true);
  await checkLifecycle({
    plugin: camera,
    config: camera.config.parse({ source: "simulated" }),
    services(core: Context, clock) {
      provideAll(core, clock);
      providePanel(core, { host: "192.0.2.9" });
      return mediaLink(port).setup(core);
    },
  });
  assert.deepEqual([port.cameras, port.address], [[], "192.0.2.9"]);
});

Deno.test("B-LIVE-1: the simulated board has a camera, with its definitions, as a part of the panel", async () => {
  await using bench = await CameraPanel.start();
  assert.deepEqual(await bench.state(), {
    definitions: ["quad-hd", "full-hd", "hd"],
    definition: "hd",
    fault: "",
    viewers: 0,
    motion: false,
    looksOut: false,
    image: { brightness: 0, contrast: 0, flip: "none", night: false },
    areasCost: false,
    imageCosts: false,
  });
  assert.equal(bench.media.cameras[0]?.source.kind, "simulated");
});

Deno.test("without a camera the media process reads none, and whoever wants a picture is told so", async () => {
  await using bench = await CameraPanel.start({ source: "none" });
  assert.deepEqual(bench.media.cameras, []);
  assert.equal(await bench.state(), undefined);
  for (const path of ["/snapshot", "/mjpeg", "/motion"]) {
    const response = await bench.send("GET", path);
    assert.deepEqual([response.status, (await response.json()).code], [404, "camera-none"], path);
  }
  assert.equal((await bench.watch()).status, 404);
});

Deno.test("a camera that needs an address is refused without one, naming the field", async () => {
  const { error } = camera.config.safeParse({ source: "rtsp" });
  assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), ["url"]);
  for (const url of ["http://10.0.0.1/", "rtsp://", "/etc/passwd", "rtsp://a b"]) {
    assert.equal(camera.config.safeParse({ source: "rtsp", url }).success, false, url);
  }
  await using bench = await CameraPanel.start({
    source: "rtsp",
    url: "rtsp://10.0.0.9/main",
    native: "full-hd",
    sound: false,
    overlayName: true,
    overlayTime: true,
    privacyAreas: [AREA],
  });
  assert.deepEqual(bench.media.cameras, [{
    id: "camera",
    source: { kind: "rtsp", url: "rtsp://10.0.0.9/main", transport: "tcp", native: "full-hd", sound: false },
    fps: 25,
    image: { brightness: 0, contrast: 0, flip: "none", night: false },
    overlay: { name: "Camera", time: true },
    privacyAreas: [AREA],
    zone: "Europe/Rome",
  }]);
  assert.deepEqual((await bench.state()).definitions, ["full-hd", "hd"]);
});

Deno.test("B-LIVE-1: the snapshot is the picture of the definition that is asked for", async () => {
  await using bench = await CameraPanel.start({ definition: "full-hd" });
  const response = await bench.send("GET", "/snapshot");
  assert.equal(response.headers.get("content-type"), "image/jpeg");
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bench.media.picture);
  await (await bench.send("GET", "/snapshot?definition=quad-hd")).body?.cancel();
  const asked = bench.media.calls.filter(({ name }) => name === "snapshot").map(({ args }) => args);
  assert.deepEqual(asked, [
    { camera: "camera", definition: "full-hd" },
    { camera: "camera", definition: "quad-hd" },
  ]);
  assert.equal((await bench.send("GET", "/snapshot?definition=8k")).status, 400);
});

Deno.test("the part's picture is the coarsest there is, which is small", async () => {
  await using bench = await CameraPanel.start({ definition: "full-hd" });
  let part: Part | undefined;
  bench.panel.runtime.host.core.watch(partsPoint, {
    added: (added) => void (part = added.id === "camera" ? added : part),
  });
  assert.deepEqual(await part?.picture?.(), bench.media.picture);
  assert.deepEqual(bench.media.calls.filter(({ name }) => name === "snapshot").map(({ args }) => args), [
    { camera: "camera", definition: "hd" },
  ]);
  bench.media.set(false);
  await assert.rejects(part!.picture!(), { code: "media-away" });
});

Deno.test("a snapshot can be fetched by a link, for a minute and for this path alone", async () => {
  await using bench = await CameraPanel.start();
  const path = "/api/v1/plugins/camera/snapshot";
  const { body } = await bench.panel.post("/links", { path });
  const fetch = (url: string) => bench.panel.runtime.fetch(new Request(`http://127.0.0.1:8080${url}`));
  const linked = await fetch(`${body.url}&definition=hd`);
  assert.deepEqual([linked.status, linked.headers.get("content-type")], [200, "image/jpeg"]);
  await linked.body?.cancel();
  assert.equal((await fetch(body.url.replace("snapshot", "mjpeg"))).status, 401);
  await bench.panel.advance(60_000);
  assert.equal((await fetch(body.url)).status, 401);
});

Deno.test("B-LIVE-3: privacy areas are the owner's to set, and in force before the setting is confirmed", async () => {
  await using bench = await CameraPanel.start();
  const family = await bench.join("family");
  const change = { privacyAreas: [AREA] };
  assert.equal((await bench.panel.api("PUT", "/settings/camera", change, family)).status, 403);
  assert.equal((await bench.panel.api("PUT", "/settings/camera", change)).status, 200);
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, [AREA]);
});

Deno.test("what keeps the picture away is told to pages, with the command that helps", async () => {
  await using bench = await CameraPanel.start();
  bench.media.set(false);
  assert.match((await bench.state()).fault, /media process does not answer/);
  bench.media.missing =
    "ffmpeg is not installed. Install it with: apt-get update && apt-get install -y ffmpeg";
  bench.media.set(true);
  await bench.panel.advance(0);
  assert.equal((await bench.state()).fault, bench.media.missing);
  const warned = bench.panel.lines.filter(({ level }) => level === "warn").map(({ message }) => message);
  assert.ok(warned.some((message) => message.includes("apt-get install -y ffmpeg")), warned.join());
  bench.media.tell({ event: "state", missing: "" });
  bench.media.tell({ event: "camera", camera: "camera", fault: "No route to host" });
  assert.equal((await bench.state()).fault, "No route to host");
  bench.media.tell({ event: "camera", camera: "camera", fault: "" });
  assert.equal((await bench.state()).fault, "");
});

Deno.test("a media process that dies does not keep a door shut, and its successor knows the camera", async () => {
  await using bench = await CameraPanel.start();
  assert.equal((await bench.watch()).status, 201);
  bench.media.set(false);
  assert.equal((await bench.panel.release("lock")).body.outcome, "released");
  assert.equal((await bench.state()).viewers, 0);
  const refused = await bench.send("GET", "/snapshot");
  assert.deepEqual([refused.status, (await refused.json()).code], [503, "media-away"]);
  bench.media.cameras = [];
  bench.media.set(true);
  await bench.panel.advance(0);
  assert.equal(bench.media.cameras.length, 1);
});
