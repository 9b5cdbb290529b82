import type { PluginNeeds } from "../core/mod.ts";
import { discoveryNeeds } from "./discovery/keys.ts";
import { mqttNeeds } from "./mqtt/needs.ts";
import { recorderNeeds } from "./recorder/keys.ts";

/** What built-in plugins need of the machine beyond what every panel may. Loaded by the supervisor, so it is light. */
export const pluginNeeds: readonly PluginNeeds[] = [discoveryNeeds, mqttNeeds, recorderNeeds];
