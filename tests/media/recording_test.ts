import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { played } from "../../media/testing/movie.ts";
import { decode, ffmpeg } from "../../media/testing/pixels.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { childOf } from "../boot/panel_process.ts";
import { startRealPanel } from "../browser/real_panel.ts";
import { until } from "../soon.ts";
import { clips, initialize, onCard, state, watch } from "./recorder.ts";

const COVERED = { x: 500, y: 0, width: 500, height: 500 };

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

Deno.test({
  name:
    "B-LIVE-3: a recording that is under way when an area is drawn goes on in one file that plays, black from then on",
  ignore: findFfmpeg() === undefined,
  async fn() {
    const dir = mkdtempSync(join(tmpdir(), "latchkey-rec-"));
    try {
      await using panel = await startRealPanel();
      await initialize(panel);
      await panel.api("POST", "/plugins/recorder/recording");
      await onCard(panel, "manual", 60_000);
      await panel.api("PUT", "/plugins/camera/privacy-areas", [COVERED]);
      await onCard(panel, "manual", 150_000);
      await panel.api("DELETE", "/plugins/recorder/recording");
      await until(async () => (await state(panel)).recording.length === 0);
      const found = await clips(panel);
      assert.deepEqual(found.map(({ cause }) => cause), ["manual"]);
      const path = await watch(panel, dir, found[0]!.id);
      assert.equal(played(path).complaints, "");
      // What is covered, of each picture as one grey pixel.
      const filters = "crop=iw/2-16:ih/2-16:iw/2+8:0,scale=1:1:flags=area,format=gray";
      const raw = ["-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"];
      const pixels = [...ffmpeg(["-i", path, "-vf", filters, ...raw])];
      const first = pixels.findIndex((grey) => grey < 24);
      assert.ok(first > 0 && first < pixels.length - 5, `${pixels}`);
      assert.ok(pixels.slice(first).every((grey) => grey < 24), `${pixels}`);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
});
