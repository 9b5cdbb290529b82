import type { PluginNeeds } from "../../core/mod.ts";

export type { CardState, CardView, Cause, Clip, RecorderView } from "./model.ts";

/** A card that the system mounts is outside the data directory, and how full it is, is asked of the system. */
export const recorderNeeds: PluginNeeds = ({ given }) => {
  const path = given("plugins.recorder.path");
  // What can't be named to Deno is refused by the settings.
  if (typeof path !== "string" || !/^\/[^\0,]*[^\0,/]$/.test(path)) return {};
  return { read: [path], write: [path], sys: ["statfs"] };
};
