/** The surface that plugin authors build on. Everything a plugin may import from the core is here. */
export {
  type Context,
  definePlugin,
  type Plugin,
  type PluginOptions,
  type PluginStore,
  type PointWatcher,
} from "./plugin/plugin.ts";
export {
  defineEvent,
  definePoint,
  defineService,
  type EventKey,
  type EventOptions,
  type OutsideMethod,
  type PointKey,
  type ServiceKey,
  type ServiceOptions,
} from "./plugin/keys.ts";
export { openOverride, type Override, type OverrideOptions } from "./plugin/override.ts";
export { type Cancel, type Clock, repeat } from "./clock.ts";
export { type Fault, LatchkeyError } from "./errors.ts";
export { type FormHints, formHints } from "./form_hints.ts";
export type { Json } from "./json.ts";
export { type InTurn, oneAtATime } from "./turns.ts";
export { errorText, type Log } from "./log.ts";
export { type AccessLevel, type Route, route, type RouteInput, type RouteOptions } from "./http/route.ts";
export { type RawInput, rawRoute } from "./http/raw_route.ts";
export { type Page, pagesPoint } from "./http/keys.ts";
export * from "./access/model.ts";
export * from "./access/keys.ts";
export * from "./access/sharing_keys.ts";
export { type Alarm, createAlarm } from "./access/alarm.ts";
export { contributeReleasable, type Releasable } from "./access/releasable.ts";
export { throttledRecord } from "./access/throttled_record.ts";
export { inWeek, type WeekSchedule, weekScheduleSchema } from "./access/week.ts";
export { type TimeService, timeService } from "./time.ts";
export * from "./board/keys.ts";
export * from "./calls/keys.ts";
export * from "./members/keys.ts";
export * from "./parts.ts";
export type { Needs, PluginNeeds } from "./boot/needs.ts";
export { hostNamesPoint, type PanelDescription, type PanelService, panelService } from "./panel.ts";
export { decrypted, encrypted } from "./backup/age.ts";
export { type FilesService, filesService, type Index } from "./files.ts";
export { isEverywhere, isLoopback } from "./config/listen_address.ts";
export { localName } from "./tls/names.ts";
