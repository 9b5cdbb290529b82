import { spawnSync } from "node:child_process";
import type { IntercomState } from "../../plugins/intercom/keys.ts";
import type { RealPanel } from "../browser/real_panel.ts";
import { soon } from "../soon.ts";

export async function intercom(panel: RealPanel): Promise<IntercomState> {
  const parts = await panel.api<{ id: string; state: IntercomState }[]>("GET", "/parts");
  return parts.find(({ id }) => id === "intercom")!.state;
}

/** Some of what the simulated loudspeaker gives, as Ogg. */
export async function overhear(panel: RealPanel, bytes: number): Promise<Uint8Array> {
  const url = `${panel.origin}/api/v1/plugins/simulator/loudspeaker`;
  // The media process is told of it after it has begun.
  const response = await soon(async () => {
    const answer = await panel.device.send(fetch, "GET", url);
    if (answer.status === 200) return answer;
    await answer.body?.cancel();
  }, 100);
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body!.getReader();
  while (size < bytes) {
    const { value } = await reader.read();
    if (!value) break;
    parts.push(value);
    size += value.length;
  }
  await reader.cancel();
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** How loud the loudest of it is, dB below the loudest there is. */
export function loudest(ogg: Uint8Array): number {
  const args = ["-hide_banner", "-i", "pipe:0", "-af", "volumedetect", "-f", "null", "-"];
  const { stderr } = spawnSync("ffmpeg", args, { input: ogg, encoding: "utf8" });
  return Number(/max_volume: (-?[\d.]+) dB/.exec(stderr)?.[1] ?? -Infinity);
}
