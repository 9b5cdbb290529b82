import type { LogRow, Reason } from "../../../core/access/model.ts";

export type LogIcon =
  | "key"
  | "card"
  | "door"
  | "denied"
  | "bell"
  | "alarm"
  | "clock"
  | "settings"
  | "panel"
  | "plug"
  | "warning";

export interface LogLine {
  tone: "good" | "bad" | "plain";
  icon: LogIcon;
  /** `Anna's card ·1234 opened Front door` */
  text: string;
  /** Why, where there is a why. */
  note?: string;
}

/** What an access point is called, by its id. */
export type Names = ReadonlyMap<string, string>;

/** `{it}` is what was refused: a card, a code, somebody's access. */
const REASONS: Partial<Record<Reason, string>> = {
  "unknown-credential": "The panel does not know {it}.",
  "unknown-access-point": "There is no such door any more.",
  "no-right": "It is not among what {it} opens.",
  "suspended": "{It} is suspended.",
  "not-yet-valid": "{It} is not valid yet.",
  "expired": "{It} is no longer valid.",
  "outside-schedule": "{It} is not valid at this time of the week.",
  "used-up": "{It} has been used as often as it may.",
  "clock-untrusted": "The panel could not be sure of the time, and {it} is valid for a limited time only.",
  "enrolling": "A new card was being added; until that is over no card opens anything.",
  "not-allowed": "It has no permission to open it.",
  "not-watching": "A monitor opens only while it shows the visitor.",
  "log-unavailable": "The access log could not be written, and nothing opens without it.",
};

const ALARMS: Record<string, string> = {
  "door-forced": "The door was opened without a release",
  "door-held-open": "The door was left open",
  "code-guessing": "Someone tried out codes",
  "tamper": "The panel was opened or taken off the wall",
};

/** An access-log row as a sentence for the household. */
export function logLine(row: LogRow, names: Names): LogLine {
  const place = row.accessPoint === null ? "something" : names.get(row.accessPoint) ?? row.accessPoint;
  const who = whoText(row);
  switch (row.kind) {
    case "release":
      return releaseLine(row, who, place);
    case "release-failed":
      return { tone: "bad", icon: "warning", text: `${place} was to open, but its output did not answer` };
    case "hold-open":
      return {
        tone: "plain",
        icon: "door",
        text: `${place} ${row.outcome === "began" ? "stays" : "no longer stays"} open`,
      };
    case "card-added":
    case "card-changed":
    case "card-removed":
      return { tone: "plain", icon: "card", text: cardText(row), ...whyNote(row) };
    case "holder-added":
    case "holder-changed":
    case "holder-removed":
      return {
        tone: "plain",
        icon: "card",
        text: `${text(row, "holderName") ?? "A person"} was ${row.outcome}`,
      };
    case "enrolment":
      return { tone: "plain", icon: "card", text: enrolmentText(row) };
    case "alarm":
      return alarmLine(row);
    case "clock":
      return row.outcome === "trusted"
        ? { tone: "plain", icon: "clock", text: "The panel's clock is trusted again" }
        : { tone: "bad", icon: "clock", text: "The panel is no longer sure of the time" };
    case "settings":
      return settingsLine(row, who);
    case "claim":
      return row.outcome === "claimed"
        ? {
          tone: "plain",
          icon: "key",
          text: `${text(row, "name") ?? "Someone"} became the owner of this panel`,
        }
        : {
          tone: "bad",
          icon: "key",
          text: "The panel was opened to be claimed again; all access was ended",
        };
    case "member-added":
    case "member-changed":
    case "member-removed":
    case "device-added":
    case "device-changed":
    case "device-removed":
      return { tone: "plain", icon: "key", text: memberText(row, who) };
    case "code-added":
    case "code-removed":
      return {
        tone: "plain",
        icon: "key",
        text: `${who} ${row.outcome === "added" ? "made" : "deleted"} the code “${text(row, "name") ?? ""}”`,
      };
    case "site":
      return { tone: row.outcome === "removed" ? "bad" : "plain", icon: "panel", text: siteText(row, who) };
    case "system":
      return { icon: "panel", ...systemText(row, who) };
  }
}

function settingsLine(row: LogRow, who: string): LogLine {
  const plugin = text(row, "plugin") ?? "the panel";
  const granted = row.detail["granted"];
  const name = text(row, "name") ?? "";
  const said: Record<string, string> = {
    "plugin-granted": `${who} let the plugin ${plugin} ${text(row, "version") ?? ""} in`,
    "plugin-removed": `${who} removed the plugin ${plugin}`,
    "plugin-switched-on": `${who} switched the plugin ${plugin} on`,
    "plugin-switched-off": `${who} switched the plugin ${plugin} off`,
    "plugin-changed": `The files of the plugin ${plugin} were changed: it was stopped`,
    "plugin-key-added": `${who} trusts plugins that “${name}” has signed`,
    "plugin-key-removed": `${who} no longer trusts the signatures of “${name}”`,
  };
  const known = said[row.outcome];
  return {
    tone: row.outcome === "plugin-changed" ? "bad" : "plain",
    icon: known === undefined ? "settings" : "plug",
    text: known ?? `${who} changed the settings of ${plugin}`,
    ...(Array.isArray(granted) ? { note: granted.join(". ") } : {}),
  };
}

function releaseLine(row: LogRow, who: string, place: string): LogLine {
  const count = row.detail["suppressed"];
  const more = typeof count === "number" ? `And ${count} more like it. ` : "";
  if (row.outcome === "released") return { tone: "good", icon: "door", text: `${who} opened ${place}` };
  if (row.outcome === "already-released") {
    return { tone: "plain", icon: "door", text: `${who} asked for ${place} while it was open already` };
  }
  const why = text(row, "objection") ?? reasonText(row);
  const note = `${more}${why ?? ""}`.trim();
  const at = row.accessPoint === null ? "" : ` at ${place}`;
  return { tone: "bad", icon: "denied", text: `${who} was refused${at}`, ...(note === "" ? {} : { note }) };
}

function reasonText({ reason, actor }: LogRow): string | undefined {
  const it = actor.kind === "card" ? "this card" : actor.kind === "code" ? "this code" : "this access";
  return REASONS[reason as Reason]?.replace("{it}", it).replace("{It}", it.replace("t", "T"));
}

/** `Anna's card ·1234`, `The code “Parcel”`, `The exit button`, `Owner` */
export function whoText({ actor, detail, credentialId }: LogRow): string {
  if (actor.kind === "card") {
    const digits = detail["lastDigits"];
    const end = typeof digits === "string" ? ` ·${digits}` : "";
    if (actor.name !== undefined) return `${possessive(actor.name)} card${end}`;
    return credentialId === null ? "An unknown badge" : `A card${end}`;
  }
  if (actor.kind === "code") {
    return actor.name === undefined ? "An unknown code" : `The code “${actor.name}”`;
  }
  if (actor.name !== undefined) return actor.name;
  if (actor.kind === "person") return "Someone of the household";
  return `The ${actor.id.replaceAll("-", " ")}`;
}

export function possessive(name: string): string {
  return name.endsWith("s") ? `${name}’` : `${name}’s`;
}

function cardText(row: LogRow): string {
  const holder = text(row, "holderName");
  const digits = text(row, "lastDigits");
  const card = `${holder ? `${possessive(holder)} card` : "A card"}${digits ? ` ·${digits}` : ""}`;
  if (row.kind === "card-added") return `${card} was added`;
  if (row.kind === "card-removed") return `${card} was deleted`;
  const terms = row.detail["terms"] as { suspended?: unknown } | undefined;
  if (terms?.suspended === true) return `${card} was suspended`;
  if (terms?.suspended === false) return `${card} works again`;
  return `${card} was changed`;
}

/** `Taken over from another panel: changed at Garage.` */
function whyNote(row: LogRow): { note?: string } {
  const why = text(row, "why");
  return why === undefined ? {} : { note: `Taken over from another panel: ${why}.` };
}

function siteText(row: LogRow, who: string): string {
  const panel = text(row, "name") ?? "Another panel";
  const acts: Record<string, string> = {
    "founded": `${who} let this panel share its cards with others`,
    "invited": `${who} made a code for a panel to join with`,
    "asked": `${who} asked for this panel to share the cards of others`,
    "joined": "This panel shares the cards of others now",
    "panel-joined": `${panel} shares the cards of this panel now`,
    "panel-removed": `${who} removed ${panel} from the panels that share cards`,
    "removed": "This panel was removed from those that share cards",
    "left": `${who} ended that this panel shares cards`,
  };
  return acts[row.outcome] ?? `The panels that share cards: ${row.outcome}`;
}

function memberText(row: LogRow, who: string): string {
  const member = text(row, "memberName") ?? "someone";
  const device = row.kind === "device-removed" || row.kind === "device-added" ? text(row, "name") : undefined;
  switch (row.kind) {
    case "member-added":
      return `${member} now has access (${text(row, "role") ?? "member"})`;
    case "member-removed":
      return `${who} ended the access of ${member}`;
    case "device-added":
      return `${device ?? "A device"} of ${member} was paired`;
    case "device-removed":
      return `${who} ended the access of ${device ?? "a device"} of ${member}`;
    default:
      return `${who} changed the access of ${member}`;
  }
}

function enrolmentText(row: LogRow): string {
  const holder = text(row, "holderName") ?? "someone";
  const ends: Record<string, string> = {
    "timed-out": "no badge came in time",
    "cancelled": "it was cancelled",
    "duplicate": "the badge was known already",
    "failed": "it did not work",
  };
  return `No card was added for ${holder}: ${ends[row.outcome] ?? row.outcome}`;
}

function systemText({ outcome }: LogRow, who: string): Omit<LogLine, "icon"> {
  if (outcome === "backup") return { tone: "plain", text: `${who} downloaded a backup of the panel` };
  if (outcome === "restored") {
    return {
      tone: "bad",
      text: "The panel was restored from a backup",
      note: "What came after the backup is not in this log. Whoever lost access after it has it again.",
    };
  }
  if (outcome === "card-erased") return { tone: "plain", text: `${who} had the memory card erased` };
  const [, done] = /^recording-(watched|exported|deleted)$/.exec(outcome) ?? [];
  if (done) return { tone: "plain", text: `${who} ${done === "exported" ? "saved" : done} a recording` };
  return { tone: "plain", text: `The panel: ${outcome.replaceAll("-", " ")}` };
}

function alarmLine(row: LogRow): LogLine {
  const alarm = text(row, "alarm") ?? "alarm";
  const what = ALARMS[alarm] ?? alarm.replaceAll("-", " ");
  return row.outcome === "raised" ? { tone: "bad", icon: "alarm", text: what } : {
    tone: "plain",
    icon: "alarm",
    text: `All well again: ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
  };
}

function text(row: LogRow, key: string): string | undefined {
  const value = row.detail[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
