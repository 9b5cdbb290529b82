/** Prints the JSON Schema of `panel.yaml`, for editors. */
import { systemClock } from "../core/clock.ts";
import { configJsonSchema } from "../core/config/json_schema.ts";
import { SocketPort } from "../drivers/sim/link.ts";
import { simBoard } from "../drivers/sim/mod.ts";
import { SocketMediaPort } from "../media/link.ts";
import { mediaLink } from "../media/mod.ts";
import { builtInPlugins, simulatorPlugins } from "../plugins/mod.ts";

const board = simBoard(new SocketPort("", systemClock));
const media = mediaLink(new SocketMediaPort("", systemClock));
const plugins = [board, media, ...builtInPlugins, ...simulatorPlugins];
console.log(JSON.stringify(configJsonSchema(plugins), null, 2));
