import { type Command, copyCommand, deriveCommand, encodeCommand } from "./ffmpeg/commands.ts";
import { isUntouched } from "./ffmpeg/filters.ts";
import type { Abilities } from "./ffmpeg/probe.ts";
import { type CameraSpec, compresses, type Definition, type Image } from "./spec.ts";

/** Which program makes a definition, and of what. */
export interface Plan {
  /** Definitions that are made by the same program share it. */
  key: string;
  command: Command;
  /** Undefined where it reads the camera itself. */
  parent?: Plan;
}

const AS_IT_IS: Image = { brightness: 0, contrast: 0, flip: "none", night: false };

/**
 * One encode for each definition, and none where the camera's own compression will do. A camera is read by one program
 * only, since most let nobody else in; a simulated one is made anew for each definition, which costs less than to
 * make one of another.
 */
export function planOf(spec: CameraSpec, definition: Definition, abilities: Abilities): Plan {
  const { source } = spec;
  const isNative = definition === source.native;
  if (source.kind === "simulated") return encode(spec, definition, abilities);
  if (compresses(source)) {
    const copy = { key: "copy", command: copyCommand(spec) };
    return isNative && isUntouched(spec) ? copy : derive(spec, definition, copy, abilities);
  }
  const own = encode(spec, source.native, abilities);
  // What is done to the picture has been done by then.
  const done = { ...spec, privacyAreas: [], image: AS_IT_IS, overlay: { name: null, time: false } };
  return isNative ? own : derive(done, definition, own, abilities);
}

function encode(spec: CameraSpec, definition: Definition, abilities: Abilities): Plan {
  return { key: `encode ${definition}`, command: encodeCommand(spec, definition, abilities) };
}

function derive(spec: CameraSpec, definition: Definition, parent: Plan, abilities: Abilities): Plan {
  return { key: `derive ${definition}`, command: deriveCommand(spec, definition, abilities), parent };
}
