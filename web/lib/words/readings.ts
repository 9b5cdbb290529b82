import type { Json } from "../../../core/json.ts";
import type { PartKind, PartValue } from "../../../core/parts.ts";
import { momentText } from "./times.ts";

/** One thing that a sensor says. */
export interface Reading {
  id: string;
  label: string;
  text: string;
  /** Whether somebody should see to it. */
  wrong: boolean;
}

/** What of a part is needed to read it. */
export interface ReadablePart {
  id: string;
  kind: PartKind;
  state: { [key: string]: Json };
  values?: Record<string, PartValue>;
}

/**
 * The door's own contact has its place at the door, what is wrong with the housing at the concerns, and what becomes of
 * recordings beside them; talk has a card of its own.
 */
const SHOWN_ELSEWHERE = ["door-contact", "tamper", "recorder", "intercom"];
const UNKNOWN = "Unknown";

/** What the home's sensors say, by what their values mean; a fault only while there is one. */
export function readingsOf(parts: readonly ReadablePart[]): Reading[] {
  return parts
    .filter(({ id, kind }) => kind === "sensor" && !SHOWN_ELSEWHERE.includes(id))
    .flatMap(({ id, state, values = {} }) =>
      Object.entries(values).flatMap(([field, value]) => {
        const wrong = isFault(value);
        if (wrong && state[field] !== true) return [];
        return [{
          id: `${id}.${field}`,
          label: value.name,
          text: textOf(value, state[field] ?? null),
          wrong,
        }];
      })
    );
}

function isFault(value: PartValue): boolean {
  return value.type === "flag" && (value.meaning === "problem" || value.meaning === "tamper");
}

function textOf(value: PartValue, now: Json): string {
  switch (value.type) {
    case "flag":
      return typeof now === "boolean" ? flagText(value.meaning, now) : UNKNOWN;
    case "number":
      return typeof now === "number"
        ? [now.toLocaleString("en-GB"), value.unit].filter(Boolean).join(" ")
        : UNKNOWN;
    case "instant":
      return typeof now === "number" ? momentText(now) : UNKNOWN;
    case "choice":
    case "text":
      return typeof now === "string" && now !== "" ? now : UNKNOWN;
  }
}

function flagText(meaning: Extract<PartValue, { type: "flag" }>["meaning"], on: boolean): string {
  if (meaning === "door") return on ? "Open" : "Closed";
  return on ? "Yes" : "No";
}
