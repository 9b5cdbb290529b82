import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { played } from "../../media/testing/movie.ts";
import { decode, ffmpeg } from "../../media/testing/pixels.ts";
import type { Clip, RecorderView } from "../../plugins/recorder/keys.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { childOf } from "../boot/panel_process.ts";
import { type RealPanel, startRealPanel } from "../browser/real_panel.ts";
import { until } from "../soon.ts";

const BASE = "/plugins/recorder";
const COVERED = { x: 500, y: 0, width: 500, height: 500 };

const state = (panel: RealPanel) => panel.api<RecorderView>("GET", `${BASE}/state`);
const clips = (panel: RealPanel) => panel.api<Clip[]>("GET", `${BASE}/clips`);

async function initialize(panel: RealPanel): Promise<void> {
  await until(async () => (await state(panel)).card.state === "uninitialized");
  await panel.api("POST", `${BASE}/card/initialize`, { confirm: "erase" });
  await until(async () => (await state(panel)).card.state === "normal");
}

async function watch(panel: RealPanel, dir: string, id: string): Promise<string> {
  const url = `${panel.origin}/api/v1${BASE}/clips/${id}/video`;
  const response = await panel.device.send(fetch, "GET", url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(response.status, 200, new TextDecoder().decode(bytes.subarray(0, 300)));
  const path = join(dir, `${id}.mp4`);
  writeFileSync(path, bytes);
  return path;
}

/** How much of what is being recorded is on the card. */
async function onCard(panel: RealPanel, cause: string, bytes: number): Promise<void> {
  await until(async () => {
    const { recording } = await state(panel);
    const card = join(panel.data, "cards", "card-1");
    const found = readdirSync(card).filter((name) => name.endsWith(".part") && name.includes(`_${cause}_`));
    return recording.length > 0 && found.some((name) => statSync(join(card, name)).size > bytes);
  });
}

Deno.test({
  name:
    "B-REC-4: kill -9 of the media process in a recording: it plays, goes on in another, the index is right, the door opens",
  ignore: findFfmpeg() === undefined,
  async fn() {
    const dir = mkdtempSync(join(tmpdir(), "latchkey-rec-"));
    try {
      await using panel = await startRealPanel({
        args: ["--plugins.recorder.before", "always"],
      });
      await initialize(panel);
      const { values } = (await panel.api<{ plugin: string; values: object }[]>("GET", "/settings"))
        .find(({ plugin }) => plugin === "camera")!;
      await panel.api("PUT", "/settings/camera", { ...values, privacyAreas: [COVERED] });
      await until(async () => (await state(panel)).card.state === "normal");

      await panel.api("POST", "/plugins/simulator/inputs/bell/press");
      await onCard(panel, "call", 60_000);
      process.kill(childOf(panel.pid, "media/process.ts"), "SIGKILL");
      await until(async () => (await clips(panel)).some(({ cause, ms }) => cause === "call" && ms !== null));
      const { outcome } = await panel.api<{ outcome: string }>("POST", "/access-points/lock/release", {});
      assert.equal(outcome, "released");

      // It goes on, in another file.
      await until(async () => (await clips(panel)).length === 2);
      await onCard(panel, "call", 60_000);
      const { id: call } = await panel.api<{ id: string }>("GET", "/calls/current");
      await panel.api("POST", `/calls/${call}/reject`);
      await until(async () => (await state(panel)).recording.length === 0);
      const found = await clips(panel);
      assert.ok(found.length >= 2 && found.every(({ ms }) => ms !== null), JSON.stringify(found));
      for (const { id, ms, cause } of found) {
        const path = await watch(panel, dir, id);
        const { frames, seconds, complaints } = played(path);
        assert.deepEqual([cause, complaints], ["call", ""]);
        assert.ok(
          frames > 0 && Math.abs(seconds * 1_000 - ms!) < 100,
          `${frames} frames, ${seconds} s, ${ms} ms`,
        );
        const picture = decode(
          ffmpeg(["-i", path, "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "pipe:1"]),
        );
        for (const [x, y] of [[0.55, 0.05], [0.75, 0.25], [0.99, 0.45]] as const) {
          const colour = picture.at(Math.floor(x * picture.width), Math.floor(y * picture.height));
          assert.ok(colour.every((part) => part < 24), `B-LIVE-3: ${colour}`);
        }
        assert.ok(picture.at(500, 250).some((part) => part > 24), "elsewhere it is not");
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
});
