import { Socket } from "node:net";
import process from "node:process";
import type { Launch } from "../isolate/process.ts";
import { LINK_FD } from "./program.ts";

/** What starts third-party plugins; where nothing can, the reason. */
export type PluginLaunch = Launch | { impossible: string };

export interface LaunchOptions {
  /** Whether a supervisor has started this process. */
  supervised: boolean;
  /** Whether the owner wants none of them started. */
  safeMode: boolean;
}

/** By the supervisor, over the pipe that it has given this process. */
export async function pluginLaunch({ supervised, safeMode }: LaunchOptions): Promise<PluginLaunch> {
  if (safeMode) return { impossible: "Safe mode: third-party plugins are not started" };
  if (process.versions["deno"] === undefined) {
    return { impossible: "Third-party plugins run on Deno only: Node has nothing to fence them with" };
  }
  if (!supervised) return { impossible: "Third-party plugins need the supervisor: start the panel with it" };
  const { remoteLaunch } = await import("../isolate/launch/remote.ts");
  return remoteLaunch(new Socket({ fd: LINK_FD, readable: true, writable: true }));
}
