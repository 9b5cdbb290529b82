/// <reference lib="dom" />
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import type { Page } from "playwright-core";
import { TestDevice } from "../../core/testing/device.ts";
import { SIZES } from "../../media/spec.ts";
import { decode, type Picture } from "../../media/testing/pixels.ts";
import { childOf } from "../boot/panel_process.ts";
import { join } from "../browser/browser.ts";
import type { RealPanel } from "../browser/real_panel.ts";
import { type OnPanel, onPanel } from "./on_panel.ts";
import { TestViewer } from "./test_viewer.ts";
import { until } from "../soon.ts";

const CAMERA = "/plugins/camera";
/** The upper right quarter, where the simulated camera shows its sky. */
const AREA = { x: 500, y: 0, width: 500, height: 500 };
const COVERED = [[0.55, 0.05], [0.75, 0.25], [0.99, 0.45]] as const;
const OPEN = [[0.4, 0.3], [0.75, 0.55]] as const;

interface Bench extends OnPanel {
  /** Of the panel, with nothing on it. */
  page: Page;
  /** Watches as the owner. */
  watch(definition?: string): Promise<TestViewer>;
}

function liveTest(name: string, story: (bench: Bench) => Promise<void>): void {
  onPanel(name, async (bench) => {
    const { panel } = bench;
    const page = await bench.blank();
    await cameraIsThere(panel);
    const watch = (definition?: string) => TestViewer.start(page, panel.device, panel.origin, definition);
    await story({ ...bench, page, watch });
  });
}

/** The media process starts after the panel. */
async function cameraIsThere(panel: RealPanel): Promise<void> {
  await until(async () => {
    const parts = await panel.api<{ id: string; state: { fault: string } }[]>("GET", "/parts");
    return parts.find(({ id }) => id === "camera")?.state.fault === "";
  }, 50);
}

async function snapshot(panel: RealPanel, definition: string): Promise<{ picture: Picture; ms: number }> {
  const begun = performance.now();
  const url = `${panel.origin}/api/v1${CAMERA}/snapshot?definition=${definition}`;
  const response = await panel.device.send(fetch, "GET", url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const ms = performance.now() - begun;
  assert.equal(response.headers.get("content-type"), "image/jpeg", new TextDecoder().decode(bytes));
  return { picture: decode(bytes), ms };
}

/** How many encodes run below the panel's media process. */
function encodes(panel: RealPanel): number {
  const media = childOf(panel.pid, "media/process.ts");
  const { stdout } = spawnSync("sh", ["-c", `cat /proc/${media}/task/*/children`], { encoding: "utf8" });
  return stdout.split(/\s+/).filter((pid) =>
    pid !== "" && spawnSync("cat", [`/proc/${pid}/cmdline`], { encoding: "utf8" }).stdout.includes("libx264")
  ).length;
}

function isBlack([red, green, blue]: readonly number[]): boolean {
  return red! < 24 && green! < 24 && blue! < 24;
}

liveTest(
  "B-LIVE-1, B-LIVE-2: the picture moves and is heard, for one viewer and for four, of one encode",
  async ({ panel, watch }) => {
    const first = await watch();
    await first.frames(10);
    const others = [await watch(), await watch(), await watch()];
    for (const viewer of [first, ...others]) {
      await viewer.frames(30);
      const [before, count] = [await viewer.shownTime(), (await viewer.presented()).length];
      await viewer.frames(count + 25);
      const passed = (await viewer.shownTime() - before + 65_536) % 65_536;
      assert.ok(passed > 300 && passed < 20_000, `${passed} ms passed in the picture`);
      assert.deepEqual(await viewer.size(), [SIZES.hd.width, SIZES.hd.height]);
      const { packets } = await viewer.sound();
      assert.ok(packets > 20, `${packets} packets of sound`);
    }
    assert.equal(encodes(panel), 1);
  },
);

liveTest(
  "B-LIVE-1: another definition comes on the same connection, without a new page",
  async ({ watch, panel }) => {
    const viewer = await watch("hd");
    await viewer.frames(10);
    assert.equal(await viewer.choose("full-hd"), 204);
    await viewer.page.waitForFunction(() => globalThis.viewers[0]!.video.videoWidth === 1_920);
    const count = (await viewer.presented()).length;
    await viewer.frames(count + 10);
    assert.deepEqual(await viewer.size(), [SIZES["full-hd"].width, SIZES["full-hd"].height]);
    const state = await viewer.page.evaluate(() => globalThis.viewers[0]!.peer.connectionState);
    assert.equal(state, "connected");
    assert.equal(await viewer.choose("8k"), 400);
    // The other encode ends a moment after nobody looks at it.
    await until(() => encodes(panel) === 1, 50);
  },
);

liveTest(
  "B-LIVE-1: a snapshot has the size of its definition, and from a running stream it is there within 300 ms",
  async ({ panel, watch }) => {
    for (const definition of ["quad-hd", "full-hd", "hd"] as const) {
      const { picture } = await snapshot(panel, definition);
      assert.deepEqual([picture.width, picture.height], [SIZES[definition].width, SIZES[definition].height]);
    }
    await (await watch()).frames(10);
    // The least of several: a machine that does something else for a while is not what is measured.
    const times = [];
    for (let i = 0; i < 8; i++) times.push((await snapshot(panel, "hd")).ms);
    assert.ok(Math.min(...times) <= 300, `${times.map(Math.round)} ms`);
  },
);

liveTest(
  "B-LIVE-3: a privacy area is black in the live view, in snapshots and in streams of pictures, from when it was set",
  async ({ panel, watch }) => {
    const viewer = await watch();
    await viewer.frames(10);
    for (const colour of await viewer.pixels([...COVERED, ...OPEN])) assert.ok(!isBlack(colour), `${colour}`);
    const { values } = (await panel.api<{ plugin: string; values: object }[]>("GET", "/settings"))
      .find(({ plugin }) => plugin === "camera")!;
    await panel.api("PUT", "/settings/camera", { ...values, privacyAreas: [AREA] });
    await cameraIsThere(panel);
    const { picture } = await snapshot(panel, "hd");
    const fresh = await watch();
    await fresh.frames(5);
    const shown = await fresh.pixels([...COVERED, ...OPEN]);
    const shot = [...COVERED, ...OPEN].map(([x, y]) =>
      picture.at(Math.floor(x * picture.width), Math.floor(y * picture.height))
    );
    for (const colours of [shown, shot]) {
      for (const colour of colours.slice(0, COVERED.length)) assert.ok(isBlack(colour), `${colour}`);
      for (const colour of colours.slice(COVERED.length)) assert.ok(!isBlack(colour), `${colour}`);
    }
    const streamed = decode(await firstOfStream(panel));
    for (const [x, y] of COVERED) {
      const colour = streamed.at(Math.floor(x * streamed.width), Math.floor(y * streamed.height));
      assert.ok(isBlack(colour), `${colour}`);
    }
  },
);

async function firstOfStream(panel: RealPanel): Promise<Uint8Array> {
  const response = await panel.device.send(fetch, "GET", `${panel.origin}/api/v1${CAMERA}/mjpeg?fps=5`);
  const reader = response.body!.getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The stream has ended");
    text += String.fromCharCode(...value);
    const [, length = "", rest] = /content-length: (\d+)\r\n\r\n([\s\S]*)/i.exec(text) ?? [];
    if (rest === undefined || rest.length < Number(length)) continue;
    await reader.cancel();
    return Uint8Array.from(rest.slice(0, Number(length)), (letter) => letter.charCodeAt(0));
  }
}

liveTest(
  "whoever is revoked sees nothing new after one second, while the others go on watching",
  async ({ panel, page, watch }) => {
    const device = new TestDevice();
    const { code } = await panel.api<{ code: string }>("POST", "/invitations", {
      name: "Bruno",
      role: "family",
    });
    const joined = await device.send(fetch, "POST", `${panel.origin}/api/v1/join`, {
      code,
      deviceName: "Phone",
    });
    device.token = (await joined.json()).token;
    const bruno = await TestViewer.start(page, device, panel.origin);
    const owner = await watch();
    await bruno.frames(25);
    const members = await panel.api<{ id: string; name: string }[]>("GET", "/members");
    await panel.api("DELETE", `/members/${members.find(({ name }) => name === "Bruno")!.id}`);
    const revoked = Date.now();
    await page.waitForFunction((until) => Date.now() > until, revoked + 2_500);
    const last = (await bruno.presented()).at(-1)!;
    assert.ok(last - revoked <= 1_000, `the last picture came ${last - revoked} ms after`);
    assert.ok((await owner.presented()).at(-1)! > revoked + 1_000);
    await assert.rejects(TestViewer.start(page, device, panel.origin), /answered 401/);
  },
);

liveTest(
  "kill -9 of the media process: the live view of the page is back within 5 s and no release fails",
  async ({ panel, browser }) => {
    const page = await browser.newPage();
    await join(page, panel.link);
    await page.getByRole("button", { name: "Watch live" }).click();
    const playing = page.locator(".sight-frame[data-phase=playing]");
    await playing.waitFor();
    const outcomes: string[] = [];
    let over = false;
    const releasing = (async () => {
      while (!over) {
        const { outcome } = await panel.api<{ outcome: string }>("POST", "/access-points/lock/release", {});
        outcomes.push(outcome);
      }
    })();
    // The least of some: a machine that does something else for a while is not what is measured.
    const times: number[] = [];
    while (times.length < 3 && !times.some((ms) => ms <= 5_000)) {
      const before = childOf(panel.pid, "media/process.ts");
      process.kill(before, "SIGKILL");
      const killed = performance.now();
      await page.locator(".sight-frame:not([data-phase=playing])").waitFor();
      await playing.waitFor();
      times.push(performance.now() - killed);
      assert.notEqual(childOf(panel.pid, "media/process.ts"), before);
    }
    over = true;
    await releasing;
    assert.ok(Math.min(...times) <= 5_000, `back after ${times.map(Math.round)} ms`);
    assert.ok(
      outcomes.length > 3 && outcomes.every((outcome) => /^(already-)?released$/.test(outcome)),
      outcomes.join(),
    );
  },
);
