/**
 * First words of what the core and the board's drivers call events, services, points and parts, and words that people
 * would take for the panel's own. A plugin of one of these ids could else speak in another's name.
 */
const RESERVED = new Set([
  ..."access access-points alarm alarms audit auth bell board broker call calls camera card card-sharing card-slot cards claim clock code"
    .split(" "),
  ..."codes config core credential credentials denials device devices door enrolment entry event events files integrations"
    .split(" "),
  ..."health holder holders host-names indicator input latchkey log media member members monitor".split(" "),
  ..."nameplate output owner page pages panel part parts plugin plugins reader recording release service settings"
    .split(" "),
  ..."sight sights simulation status subscriptions system third-party time update".split(" "),
]);

/** Whether no third-party plugin can have this id, built-in plugins' ids aside. */
export function isReserved(id: string): boolean {
  return RESERVED.has(id);
}

/** Whether the name of an event, a service, a denial or a part is that plugin's own: its id, or its id, a dot and more. */
export function isOwnName(id: string, name: string): boolean {
  return name === id || name.startsWith(`${id}.`);
}
