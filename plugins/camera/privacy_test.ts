import assert from "node:assert/strict";
import { CameraPanel } from "./testing/camera_panel.ts";

const PATH = "/plugins/camera/privacy-areas";
const WINDOW = { x: 0, y: 100, width: 250, height: 400 };
const GARDEN = { x: 500, y: 0, width: 500, height: 1_000 };
const WHOLE = { x: 0, y: 0, width: 1_000, height: 1_000 };
const RTSP = {
  source: "rtsp",
  url: "rtsp://10.0.0.9/main",
  native: "full-hd",
  motion: { enabled: true },
};

const areas = async ({ panel }: CameraPanel) => (await panel.get(PATH)).body;

Deno.test("B-LIVE-3, B-SET-1: the owner draws privacy areas, in force before the answer and kept over restarts", async () => {
  await using bench = await CameraPanel.start();
  assert.deepEqual(await areas(bench), []);
  const answer = await bench.panel.api("PUT", PATH, [WINDOW, GARDEN]);
  assert.deepEqual([answer.status, answer.body], [200, [WINDOW, GARDEN]]);
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, [WINDOW, GARDEN]);
  await bench.panel.restart();
  assert.deepEqual(await areas(bench), [WINDOW, GARDEN]);
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, [WINDOW, GARDEN]);
  assert.deepEqual((await bench.panel.api("PUT", PATH, [])).body, []);
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, []);
});

Deno.test("B-LIVE-3: nobody but an owner sees or changes the privacy areas", async () => {
  await using bench = await CameraPanel.start();
  for (const role of ["family", "monitor", "guest"]) {
    const device = await bench.join(role, role === "guest" ? { terms: { accessPoints: ["lock"] } } : {});
    assert.equal((await bench.panel.api("GET", PATH, undefined, device)).status, 403, role);
    assert.equal((await bench.panel.api("PUT", PATH, [WINDOW], device)).status, 403, role);
  }
  assert.deepEqual(await areas(bench), []);
});

Deno.test("B-LIVE-3: an area that is none is refused, naming the field, its value and what is allowed", async () => {
  await using bench = await CameraPanel.start();
  await bench.panel.api("PUT", PATH, [WINDOW]);
  const refusals = [
    [[WINDOW, { ...GARDEN, x: 501 }], "1.width", 500, /at most 1000 together with x/],
    [[{ ...WINDOW, y: -1 }], "0.y", -1, />=0/],
    [[{ ...WINDOW, height: 0 }], "0.height", 0, />=1/],
    [[{ ...WINDOW, x: 0.5 }], "0.x", 0.5, /int/],
    [Array.from({ length: 17 }, () => WINDOW), "", undefined, /<=16/],
    [{ areas: [] }, "", undefined, /array/],
  ] as const;
  for (const [body, field, value, message] of refusals) {
    const { status, body: problem } = await bench.panel.api("PUT", PATH, body);
    assert.equal(status, 400, JSON.stringify(problem));
    const [fault] = problem.errors;
    assert.equal(fault.field, field, JSON.stringify(problem));
    if (value !== undefined) assert.equal(fault.value, value, JSON.stringify(problem));
    assert.match(fault.message, message);
  }
  assert.deepEqual(await areas(bench), [WINDOW]);
  await using blind = await CameraPanel.start({ source: "none" });
  for (const method of ["GET", "PUT"]) {
    const { status, body } = await blind.panel.api(method, PATH, method === "PUT" ? [] : undefined);
    assert.deepEqual([status, body.code], [404, "camera-none"]);
  }
});

Deno.test("B-SET-1: privacy areas that are drawn yield to new ones in the settings, and to no other setting", async () => {
  await using bench = await CameraPanel.start({ privacyAreas: [WINDOW] });
  assert.deepEqual(await areas(bench), [WINDOW]);
  await bench.panel.api("PUT", PATH, [GARDEN]);
  const { status } = await bench.panel.api("PUT", "/settings/camera", { privacyAreas: [WINDOW], fps: 10 });
  assert.equal(status, 200);
  assert.deepEqual(await areas(bench), [GARDEN]);
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, [GARDEN]);
  await bench.panel.api("PATCH", "/plugins/camera/image", { night: true });
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, [GARDEN]);
  await bench.panel.api("PUT", "/settings/camera", { privacyAreas: [WINDOW, GARDEN] });
  assert.deepEqual(await areas(bench), [WINDOW, GARDEN]);
});

Deno.test("B-SET-1: privacy areas that yielded to the settings do not come back with the settings of before", async () => {
  await using bench = await CameraPanel.start({ privacyAreas: [WINDOW] });
  await bench.panel.api("PUT", PATH, []);
  assert.deepEqual(await areas(bench), []);
  for (const privacyAreas of [[WINDOW, GARDEN], [WINDOW]]) {
    await bench.panel.api("PUT", "/settings/camera", { privacyAreas });
    assert.deepEqual(await areas(bench), privacyAreas);
    assert.deepEqual(bench.media.cameras[0]?.privacyAreas, privacyAreas);
  }
});

Deno.test("B-LIVE-3: where the privacy areas that are kept can't be read nothing is shown until the owner draws anew", async () => {
  await using bench = await CameraPanel.start();
  const { panel } = bench;
  await panel.api("PUT", PATH, [WINDOW]);
  await panel.stop();
  await panel.keep("camera", "privacy-areas", { basis: [], now: [{ ...WINDOW, shape: "round" }] });
  await panel.boot();
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, [WHOLE]);
  assert.deepEqual(await areas(bench), [WHOLE]);
  const [line] = panel.lines.filter(({ level }) => level === "error");
  assert.match(line?.message ?? "", /can't be read/);
  assert.equal(line?.fields["key"], "privacy-areas");
  await panel.api("PUT", PATH, [GARDEN]);
  await panel.restart();
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, [GARDEN]);
});

Deno.test("B-LIVE-3: areas that are drawn while the media process is away are in force when it is back", async () => {
  await using bench = await CameraPanel.start();
  bench.media.set(false);
  assert.equal((await bench.panel.api("PUT", PATH, [GARDEN])).status, 200);
  bench.media.set(true);
  await bench.panel.advance(0);
  assert.deepEqual(bench.media.cameras[0]?.privacyAreas, [GARDEN]);
});

Deno.test("a camera that compresses says that areas cost, and is looked at for motion where that costs least", async () => {
  await using bench = await CameraPanel.start(RTSP);
  const looked = () =>
    bench.media.calls.filter(({ name }) => name === "detect")
      .map(({ args }) => (args as { definition: string }).definition);
  assert.equal((await bench.state()).areasCost, true);
  assert.deepEqual(looked(), ["full-hd"]);
  await bench.panel.api("PUT", PATH, [GARDEN]);
  assert.equal((await bench.state()).areasCost, true);
  assert.deepEqual(looked(), ["full-hd", "hd"], "what is encoded anew anyway is the usual definition");
  await bench.panel.api("PUT", PATH, [WINDOW]);
  assert.equal(looked().length, 2, "nothing is begun anew without need");
  await bench.panel.api("PATCH", "/plugins/camera/image", { night: true });
  assert.equal((await bench.state()).areasCost, false, "it is encoded anew for the night");
});

Deno.test("B-LIVE-3: areas are not confirmed before the media process has said that they are in force", async () => {
  await using bench = await CameraPanel.start();
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const { media } = bench;
  const call = media.call.bind(media);
  media.call = async (name, args) => {
    if (name === "configure") {
      asked.resolve();
      await held.promise;
    }
    return await call(name, args);
  };
  let answered = false;
  const answer = bench.panel.api("PUT", PATH, [GARDEN]).finally(() => void (answered = true));
  await asked.promise;
  await bench.panel.get(PATH);
  assert.equal(answered, false);
  held.resolve();
  assert.equal((await answer).status, 200);
});

Deno.test("B-LIVE-3: a snapshot that was under way when an area was drawn is taken anew", async () => {
  await using bench = await CameraPanel.start();
  const { media } = bench;
  const [before, after] = [new Uint8Array([1]), new Uint8Array([2])];
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const take = media.take.bind(media);
  media.picture = before;
  media.take = async (key) => {
    const taken = await take(key);
    asked.resolve();
    await held.promise;
    return taken;
  };
  const answer = bench.send("GET", "/snapshot");
  await asked.promise;
  media.picture = after;
  await bench.panel.api("PUT", PATH, [GARDEN]);
  held.resolve();
  assert.deepEqual(new Uint8Array(await (await answer).arrayBuffer()), after);
});

Deno.test("B-LIVE-3: a stream of pictures, of which some are always on their way, ends when an area is drawn", async () => {
  await using bench = await CameraPanel.start();
  const reader = (await bench.send("GET", "/mjpeg")).body!.getReader();
  await reader.read();
  await bench.watch();
  assert.equal((await bench.state()).viewers, 2);
  await bench.panel.api("PUT", PATH, [GARDEN]);
  assert.equal((await reader.read()).done, true);
  assert.deepEqual([bench.media.streams, bench.media.sessions.size], [0, 1], "who watches live goes on");
});
