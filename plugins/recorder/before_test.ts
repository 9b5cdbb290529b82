import assert from "node:assert/strict";
import { Panel } from "../../tests/harness/panel.ts";

const AREAS = "/plugins/camera/privacy-areas";
const AREA = { x: 0, y: 0, width: 500, height: 500 };
const RTSP = { source: "rtsp", url: "rtsp://10.0.0.9/main", native: "hd" };

async function kept(before: string): Promise<number[]> {
  await using panel = await Panel.start({
    config: { plugins: { camera: RTSP, recorder: { before } } },
  });
  panel.media.set(true);
  await panel.advance(0);
  const areas = async (list: unknown[]) => {
    assert.equal((await panel.api("PUT", AREAS, list)).status, 200);
    await panel.advance(0);
  };
  await areas([AREA]);
  await areas([AREA, AREA]);
  await areas([]);
  return panel.media.calls.filter(({ name }) => name === "keep")
    .map(({ args }) => (args as { ms: number }).ms);
}

Deno.test("B-REC-3: what was before is kept while that costs nothing, which a privacy area changes", async () => {
  assert.deepEqual(await kept("auto"), [5_000, 0, 5_000]);
});

Deno.test("B-REC-3: where it is kept always or never a privacy area changes nothing", async () => {
  assert.deepEqual(await kept("always"), [5_000]);
  assert.deepEqual(await kept("never"), []);
});
