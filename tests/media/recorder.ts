import assert from "node:assert/strict";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clip, RecorderView } from "../../plugins/recorder/keys.ts";
import type { RealPanel } from "../browser/real_panel.ts";
import { until } from "../soon.ts";

const BASE = "/plugins/recorder";

export const state = (panel: RealPanel): Promise<RecorderView> =>
  panel.api<RecorderView>("GET", `${BASE}/state`);
export const clips = (panel: RealPanel): Promise<Clip[]> => panel.api<Clip[]>("GET", `${BASE}/clips`);

/** Makes the card in the slot the panel's. */
export async function initialize(panel: RealPanel): Promise<void> {
  await until(async () => (await state(panel)).card.state === "uninitialized");
  await panel.api("POST", `${BASE}/card/initialize`, { confirm: "erase" });
  await until(async () => (await state(panel)).card.state === "normal");
}

/** Saves a recording as a file in `dir`. */
export async function watch(panel: RealPanel, dir: string, id: string): Promise<string> {
  const url = `${panel.origin}/api/v1${BASE}/clips/${id}/video`;
  const response = await panel.device.send(fetch, "GET", url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(response.status, 200, new TextDecoder().decode(bytes.subarray(0, 300)));
  const path = join(dir, `${id}.mp4`);
  writeFileSync(path, bytes);
  return path;
}

/** How much of what is being recorded is on the card. */
export async function onCard(panel: RealPanel, cause: string, bytes: number): Promise<void> {
  await until(async () => {
    const { recording } = await state(panel);
    const card = join(panel.data, "cards", "card-1");
    const found = readdirSync(card).filter((name) => name.endsWith(".part") && name.includes(`_${cause}_`));
    return recording.length > 0 && found.some((name) => statSync(join(card, name)).size > bytes);
  });
}
