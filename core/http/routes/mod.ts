import type { ApiDeps } from "../deps.ts";
import type { EventStream } from "../event_stream.ts";
import type { Route } from "../route.ts";
import { accessRoutes } from "./access.ts";
import { backupRoutes } from "./backup.ts";
import { callRoutes } from "./calls.ts";
import { cardRoutes } from "./cards.ts";
import { claimRoutes } from "./claim.ts";
import { codeRoutes } from "./codes.ts";
import { documentRoutes } from "./document.ts";
import { eventRoutes } from "./events.ts";
import { ownRoutes } from "./me.ts";
import { memberRoutes } from "./members.ts";
import { packageRoutes } from "./packages.ts";
import { partRoutes } from "./parts.ts";
import { pluginKeyRoutes } from "./plugin_keys.ts";
import { settingsRoutes } from "./settings.ts";
import { statusRoutes } from "./status.ts";
import { thirdPartyRoutes } from "./third_party.ts";
import { trustRoutes } from "./trust.ts";

/** The core's own routes. */
export function coreRoutes(deps: ApiDeps, stream: EventStream): Route[] {
  return [
    ...statusRoutes(deps),
    ...claimRoutes(deps),
    ...ownRoutes(deps),
    ...trustRoutes(deps),
    ...accessRoutes(deps),
    ...callRoutes(deps),
    ...cardRoutes(deps),
    ...codeRoutes(deps),
    ...memberRoutes(deps),
    ...partRoutes(deps),
    ...settingsRoutes(deps),
    ...thirdPartyRoutes(deps),
    ...packageRoutes(deps),
    ...pluginKeyRoutes(deps),
    ...backupRoutes(deps),
    ...eventRoutes(stream),
    ...documentRoutes(deps),
  ];
}
