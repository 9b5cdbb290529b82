import type { Buffer } from "node:buffer";
import { OggReader } from "../sound/ogg_reader.ts";
import type { FakeTool } from "./fake_tool.ts";

/** Of silence, which a loudspeaker's program begins with. */
const SILENT = 2;

/** What a loudspeaker's program is given from its beginning on. */
export function given(tool: FakeTool): () => number[][] {
  const packets: number[][] = [];
  const ogg = new OggReader((packet) => packets.push([...packet]));
  tool.input!.on("data", (chunk: Buffer) => ogg.push(chunk));
  return () => packets.slice(SILENT);
}
