import { LatchkeyError } from "../errors.ts";
import { definePlugin, type Plugin } from "../plugin/plugin.ts";
import type { DamagedGrant } from "./grants.ts";

/** What stands in the status for a plugin whose grant can't be read, so that it is among what is unwell. It never runs. */
export function damagedPlugin({ id, reason }: DamagedGrant): Plugin {
  return definePlugin({
    id,
    api: 1,
    setup() {
      throw new LatchkeyError("grant-damaged", reason);
    },
  });
}
