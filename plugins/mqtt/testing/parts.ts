import { z } from "zod";
import type { Part } from "../../../core/mod.ts";

/** Parts of no real plugin, one for each kind and meaning. */
export function door(): Part {
  return {
    id: "door",
    kind: "sensor",
    name: "Door",
    state: () => Promise.resolve({ open: false }),
    values: { open: { type: "flag", name: "Door", meaning: "door" } },
  };
}

export function bell(): Part {
  return {
    id: "bell",
    kind: "event",
    name: "Bell",
    state: () => Promise.resolve({ pressedAt: null }),
    values: { pressedAt: { type: "instant", name: "Last ring" } },
    events: { types: ["ring"], meaning: "bell" },
  };
}

export function lamp(told: unknown[] = []): Part {
  return {
    id: "lamp",
    kind: "light",
    name: "Lamp",
    state: () => Promise.resolve({ on: true, level: 0.5, mode: "on" }),
    values: { mode: { type: "choice", name: "Lamp mode", options: ["on", "off"], command: "set" } },
    commands: {
      set: {
        args: z.strictObject({
          mode: z.enum(["on", "off"]).optional(),
          level: z.number().min(0.01).max(1).optional(),
        }),
        run: (args, actor) => Promise.resolve(void told.push([args, actor.kind, actor.id])),
      },
    },
  };
}

/** Every kind of value, shown and driven. */
export function weather(): Part {
  return {
    id: "weather",
    kind: "sensor",
    name: "Weather",
    state: () => Promise.resolve({}),
    values: {
      text: { type: "text", name: "Text" },
      seen: { type: "instant", name: "Seen" },
      wet: { type: "flag", name: "Wet" },
      sky: { type: "choice", name: "Sky", options: ["clear", "cloudy"] },
      degrees: { type: "number", name: "Degrees", unit: "°C", min: -50, max: 60 },
      quiet: { type: "flag", name: "Quiet", command: "set" },
      range: { type: "number", name: "Range", unit: "m", min: 0, max: 10, command: "set" },
      level: { type: "choice", name: "Level", options: ["low", "high"], command: "set" },
    },
  };
}

export function releasable(id: string, kind: "lock" | "gate"): Part {
  return {
    id,
    kind,
    name: id.toUpperCase(),
    state: () => Promise.resolve({ released: false, pulseMs: 700 }),
  };
}

export function button(): Part {
  return {
    id: "restart",
    kind: "button",
    name: "Restart",
    state: () => Promise.resolve({}),
    commands: { press: { args: z.strictObject({}), run: () => Promise.resolve() } },
  };
}

/** As short as a JPEG can be. */
export const JPEG: Uint8Array = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

/** It has a picture at once. */
export function camera(more: Partial<Part> = {}): Part {
  return {
    id: "camera",
    kind: "camera",
    name: "Camera",
    state: () => ({ viewers: 0 }),
    events: { types: ["motion"], meaning: "motion" },
    commands: { zoom: { args: z.strictObject({}), run: () => Promise.resolve() } },
    picture: () => Promise.resolve(JPEG),
    ...more,
  };
}
