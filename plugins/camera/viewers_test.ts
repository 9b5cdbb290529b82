import assert from "node:assert/strict";
import { CameraPanel } from "./testing/camera_panel.ts";

const HOUR = 60 * 60 * 1_000;
const ALWAYS = { validity: { kind: "always" }, accessPoints: ["lock"] };

function sessionOf(response: Response): string {
  return response.headers.get("location")!.split("/").at(-1)!;
}

Deno.test("B-LIVE-1: a viewer's offer is answered, another definition chosen, and the session ended", async () => {
  await using bench = await CameraPanel.start();
  const response = await bench.watch(undefined, "?definition=full-hd");
  assert.deepEqual([response.status, response.headers.get("content-type")], [201, "application/sdp"]);
  assert.equal(await response.text(), "v=0");
  const place = response.headers.get("location")!;
  assert.equal((await bench.state()).viewers, 1);
  const choice = { type: "application/json", body: '{"definition":"hd"}' };
  assert.equal((await bench.send("PATCH", place, choice)).status, 204);
  assert.deepEqual(bench.media.calls.map(({ name }) => name).slice(-2), ["view", "choose"]);
  assert.equal((await bench.send("DELETE", place)).status, 204);
  assert.equal(bench.media.sessions.size, 0);
  assert.equal((await bench.send("DELETE", place)).status, 404);
  assert.equal((await bench.state()).viewers, 0);
});

Deno.test("B-LIVE-1: residents and monitors may watch, services with the scope for it, guests not", async () => {
  await using bench = await CameraPanel.start();
  const who = [
    ["owner", bench.panel.device, 201],
    ["family", await bench.join("family"), 201],
    ["monitor", await bench.join("monitor"), 201],
    ["guest", await bench.join("guest", { terms: ALWAYS }), 403],
    ["service", await bench.join("service", { scopes: ["camera:view"] }), 201],
    ["service without", await bench.join("service", { scopes: ["status:read"] }), 403],
  ] as const;
  for (const [role, device, status] of who) {
    assert.equal((await bench.watch(device)).status, status, role);
    for (const path of ["/snapshot", "/mjpeg"]) {
      const response = await bench.send("GET", path, { device });
      assert.equal(response.status, status === 201 ? 200 : status, `${role} ${path}`);
      await response.body?.cancel();
    }
  }
});

Deno.test("a session is its device's own: another one can neither end nor change it", async () => {
  await using bench = await CameraPanel.start();
  const place = (await bench.watch()).headers.get("location")!;
  const family = await bench.join("family");
  assert.equal((await bench.send("DELETE", place, { device: family })).status, 404);
  const choice = { device: family, type: "application/json", body: '{"definition":"hd"}' };
  assert.equal((await bench.send("PATCH", place, choice)).status, 404);
  assert.equal(bench.media.sessions.size, 1);
});

Deno.test("whoever is revoked sees nothing from that moment on, live or as a stream of pictures", async () => {
  await using bench = await CameraPanel.start();
  const family = await bench.join("family");
  await bench.watch();
  await bench.watch(family);
  const pictures = await bench.send("GET", "/mjpeg", { device: family });
  const reader = pictures.body!.getReader();
  await reader.read();
  assert.equal((await bench.state()).viewers, 3);
  const { body: members } = await bench.panel.get("/members");
  const bruno = members.find(({ name }: { name: string }) => name === "Bruno");
  assert.equal((await bench.panel.api("DELETE", `/members/${bruno.id}`)).status, 204);
  assert.equal((await reader.read()).done, true);
  assert.deepEqual([bench.media.sessions.size, bench.media.streams], [1, 0], "the owner's goes on");
  assert.equal((await bench.state()).viewers, 1);
  assert.equal((await bench.watch(family)).status, 401);
});

Deno.test("an access that ends by time ends what it shows within half a second", async () => {
  await using bench = await CameraPanel.start();
  const until = new Date(bench.panel.clock.now() + HOUR).toISOString();
  const family = await bench.join("family", { until });
  await bench.watch(family);
  await bench.panel.advance(HOUR - 1);
  assert.equal(bench.media.sessions.size, 1);
  await bench.panel.advance(501);
  assert.equal(bench.media.sessions.size, 0);
});

Deno.test("one device looks four times at most, also when it asks for all at once", async () => {
  await using bench = await CameraPanel.start();
  const answers = await Promise.all(Array.from({ length: 6 }, () => bench.watch()));
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 201, 201, 201, 503, 503]);
  const other = await bench.join("family");
  assert.equal((await bench.watch(other)).status, 201);
  await bench.send("DELETE", answers.find(({ status }) => status === 201)!.headers.get("location")!);
  assert.equal((await bench.watch()).status, 201);
});

Deno.test("a stream of pictures that is not read any more is ended on the panel's side too", async () => {
  await using bench = await CameraPanel.start();
  const response = await bench.send("GET", "/mjpeg?fps=10&definition=full-hd");
  assert.match(response.headers.get("content-type")!, /^multipart\/x-mixed-replace; boundary=picture$/);
  assert.deepEqual(bench.media.calls.at(-1)?.args, { camera: "camera", definition: "full-hd", fps: 10 });
  assert.equal((await bench.state()).viewers, 1);
  await response.body?.cancel();
  assert.deepEqual([bench.media.streams, (await bench.state()).viewers], [0, 0]);
  assert.equal((await bench.send("GET", "/mjpeg?fps=16")).status, 400);
  const head = await bench.send("HEAD", "/mjpeg");
  assert.deepEqual([head.status, bench.media.streams], [200, 0]);
});

Deno.test("a session that ends on the other side is forgotten", async () => {
  await using bench = await CameraPanel.start();
  const session = sessionOf(await bench.watch());
  bench.media.tell({ event: "session-ended", session, why: "the viewer is gone" });
  assert.equal((await bench.state()).viewers, 0);
});

Deno.test("B-REL-4: a monitor releases by what its own sessions prove, and by no other device's", async () => {
  await using bench = await CameraPanel.start();
  const monitor = await bench.join("monitor");
  const release = async () =>
    (await bench.panel.api("POST", "/access-points/lock/release", {}, monitor)).body.code ?? "released";
  assert.equal(await release(), "not-watching");
  const owners = sessionOf(await bench.watch());
  bench.media.presented.set(owners, 10);
  assert.equal(await release(), "not-watching", "the owner watches");
  const [old, fresh] = [sessionOf(await bench.watch(monitor)), sessionOf(await bench.watch(monitor))];
  assert.equal(await release(), "not-watching", "nothing is proved yet");
  bench.media.presented.set(old, 9_000).set(fresh, 1_500);
  assert.equal(await release(), "released", "in one of its windows");
  await bench.panel.advance(20_000);
  bench.media.set(false);
  assert.equal(await release(), "not-watching", "the media process has died");
});
