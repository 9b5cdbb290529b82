import type { ApiDeps } from "../deps.ts";
import type { EventStream } from "../event_stream.ts";
import type { Route } from "../route.ts";
import { accessRoutes } from "./access.ts";
import { callRoutes } from "./calls.ts";
import { cardRoutes } from "./cards.ts";
import { documentRoutes } from "./document.ts";
import { eventRoutes } from "./events.ts";
import { partRoutes } from "./parts.ts";
import { settingsRoutes } from "./settings.ts";
import { statusRoutes } from "./status.ts";

/** The core's own routes. */
export function coreRoutes(deps: ApiDeps, stream: EventStream): Route[] {
  return [
    ...statusRoutes(deps),
    ...accessRoutes(deps),
    ...callRoutes(deps),
    ...cardRoutes(deps),
    ...partRoutes(deps),
    ...settingsRoutes(deps),
    ...eventRoutes(stream),
    ...documentRoutes(deps),
  ];
}
