import type { Json } from "../../../core/json.ts";
import type { Choice } from "./setting_schema.ts";

/** Kinds whose default is told. */
const HAS_PRESET: ReadonlySet<string> = new Set(["text", "number", "choice", "lines"]);

interface Hinted {
  kind: string;
  min: number | undefined;
  max: number | undefined;
  choices: readonly Choice[];
}

/** A setting's name in words: `holdOpen` is "Hold open". */
export function inWords(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, end, start) => `${end} ${start.toLowerCase()}`)
    .replace(/[_-]+/g, " ").trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** What a number may be, in words; undefined where it may be any. */
export function rangeOf(min: number | undefined, max: number | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return `From ${min} to ${max}`;
  if (min !== undefined) return `At least ${min}`;
  return max === undefined ? undefined : `At most ${max}`;
}

/** What is said below a setting. */
export function hintOf(
  { kind, min, max, choices }: Hinted,
  description: string,
  preset: Json | undefined,
): string | undefined {
  const said = description.trim();
  const all = [said === "" || /[.!?…]$/.test(said) ? said : `${said}.`];
  const range = kind === "number" ? rangeOf(min, max) : undefined;
  if (range !== undefined) all.push(`${range}.`);
  if (kind === "lines") all.push("One per line.");
  if (kind === "json") all.push("In JSON.");
  if (HAS_PRESET.has(kind) && preset !== undefined && isShort(preset)) {
    const text = choices.find(({ value }) => value === preset)?.text ?? String(preset);
    all.push(`Unless changed: ${text}.`);
  }
  return all.filter(Boolean).join(" ") || undefined;
}

function isShort(value: Json): boolean {
  return typeof value !== "object" && value !== "";
}
