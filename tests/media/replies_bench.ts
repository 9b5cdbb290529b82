/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Reply } from "../../plugins/intercom/keys.ts";
import type { RealPanel } from "../browser/real_panel.ts";
import { until } from "../soon.ts";
import { intercom } from "./loudspeaker.ts";
import { type OnPanel, onPanel } from "./on_panel.ts";

const REPLIES = "/plugins/intercom/replies";

declare global {
  /** The loudest sample of each sound that was played in the page. */
  var played: number[];
}

interface Bench extends OnPanel {
  page: Page;
}

export function repliesTest(
  name: string,
  story: (bench: Bench) => Promise<void>,
  launch?: () => Promise<Browser>,
): void {
  onPanel(
    name,
    async (bench) => {
      await until(async () => (await intercom(bench.panel)).fault === "", 50);
      const visit = async (link?: string) => {
        const page = await bench.visit(link);
        await page.getByRole("heading", { name: "Casa Rossi" }).waitFor();
        return page;
      };
      await story({ ...bench, page: await visit(), visit });
    },
    () => ({ prepare: (page) => page.addInitScript(noteWhatIsPlayed), ...(launch ? { launch } : {}) }),
  );
}

function noteWhatIsPlayed(): void {
  globalThis.played = [];
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...args) {
    const samples = this.buffer?.getChannelData(0) ?? new Float32Array();
    globalThis.played.push(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
    start.apply(this, args);
  };
}

export const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
export const shown = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).waitFor();
export const listed = (panel: RealPanel) => panel.api<Reply[]>("GET", REPLIES);

/** A tone as a file of its kind. */
export function toneFile(kind: "wav" | "m4a", seconds: number): Buffer {
  const dir = mkdtempSync(join(tmpdir(), "latchkey-tone-"));
  try {
    const path = join(dir, `tone.${kind}`);
    const tone = `sine=frequency=440:sample_rate=16000:duration=${seconds}`;
    const { stderr } = spawnSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", tone, path], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    return readFileSync(path);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

export const bring = (page: Page, name: string, buffer: Buffer) =>
  page.getByLabel("A file with sound").setInputFiles({ name, mimeType: "", buffer });

/** Brings a tone, by the API. */
export async function addTone(panel: RealPanel, name: string, seconds: number): Promise<void> {
  const url = `${panel.origin}/api/v1${REPLIES}?name=${encodeURIComponent(name)}`;
  const response = await fetch(url, {
    method: "POST",
    headers: { ...panel.device.headers("POST", url), "content-type": "application/octet-stream" },
    body: new Uint8Array(toneFile("wav", seconds)),
  });
  assert.equal(response.status, 201, await response.text());
}
