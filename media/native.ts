import process from "node:process";
import type { Native } from "./rtc/connection.ts";

const MISSING =
  `what sends live video can't be loaded on this machine (${process.platform} ${process.arch}). ` +
  "Install it with: npx -y deno@2.9.6 install";

let loading: Promise<Native | string> | undefined;

/** Loaded when somebody watches: it takes a third of a second and 13 MB. Why there is none where it can't be. */
export function loadNative(): Promise<Native | string> {
  return loading ??= load();
}

async function load(): Promise<Native | string> {
  try {
    const { default: native } = await import("node-datachannel");
    native.preload();
    return native;
  } catch {
    loading = undefined;
    return MISSING;
  }
}
