/** Prints the JSON Schema of `panel.yaml`, for editors. */
import { systemClock } from "../core/clock.ts";
import { configJsonSchema } from "../core/config/json_schema.ts";
import { SocketPort } from "../drivers/sim/link.ts";
import { simBoard } from "../drivers/sim/mod.ts";
import { builtInPlugins, simulatorPlugins } from "../plugins/mod.ts";

const board = simBoard(new SocketPort("", systemClock));
console.log(JSON.stringify(configJsonSchema([board, ...builtInPlugins, ...simulatorPlugins]), null, 2));
