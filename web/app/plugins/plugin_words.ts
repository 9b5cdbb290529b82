import type { PanelStatus } from "../model/api.ts";
import type { SeenPlugin } from "./plugins_api.ts";

export interface PluginState {
  tone: "good" | "bad" | "waiting" | "plain";
  word: string;
  /** What went wrong; undefined where nothing did. */
  reason?: string;
}

/** How a plugin is doing, in a word for its pill. */
export function pluginState({ id, off }: SeenPlugin, status: PanelStatus | undefined): PluginState {
  if (off?.by === "owner") return { tone: "plain", word: "Off" };
  if (off?.by === "changed") return { tone: "bad", word: "Files changed", reason: off.reason };
  if (off) return { tone: "bad", word: "Switched off", reason: off.reason };
  const { state, reason = "" } = status?.plugins.find((plugin) => plugin.id === id) ?? {};
  const why = reason === "" ? {} : { reason };
  if (state === "running") return { tone: "good", word: "Runs" };
  if (state === "failed" || state === "stopped") return { tone: "bad", word: "Does not run", ...why };
  return { tone: "waiting", word: "Starting", ...why };
}
