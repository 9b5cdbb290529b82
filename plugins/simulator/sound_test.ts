import assert from "node:assert/strict";
import { MediaPanel, panelWith } from "../testing/media_panel.ts";

async function start(): Promise<MediaPanel> {
  return new MediaPanel(await panelWith("simulator", {}), "simulator");
}

Deno.test("who loses access is heard no more as the visitor, and hears nothing there, half a second later", async () => {
  await using bench = await start();
  const other = await bench.join("owner");
  assert.equal((await bench.offer("/microphone")).status, 201);
  assert.equal((await bench.offer("/microphone", other)).status, 201);
  const heard = await bench.send("GET", "/loudspeaker", { device: other });
  const reader = heard.body!.getReader();
  await reader.read();
  const { body: members } = await bench.panel.get("/members");
  const { id } = members.find(({ name }: { name: string }) => name === "Bruno");
  await bench.panel.advance(1_000);
  assert.deepEqual([bench.media.sessions.size, bench.media.streams], [2, 1]);
  assert.equal((await bench.panel.api("DELETE", `/members/${id}`)).status, 204);
  await bench.panel.advance(500);
  assert.deepEqual([bench.media.sessions.size, bench.media.streams], [1, 0], "the other goes on");
  assert.equal((await reader.read()).done, true);
});

Deno.test("a visitor's session ends by its name, once", async () => {
  await using bench = await start();
  const place = (await bench.offer("/microphone")).headers.get("location")!;
  assert.equal((await bench.send("DELETE", place)).status, 204);
  assert.equal(bench.media.sessions.size, 0);
  assert.equal((await bench.send("DELETE", place)).status, 404);
  const next = (await bench.offer("/microphone")).headers.get("location")!;
  bench.media.tell({ event: "session-ended", session: next.split("/").at(-1)!, why: "gone" });
  await bench.panel.advance(0);
  assert.equal((await bench.send("DELETE", next)).status, 404, "it is over already");
});
