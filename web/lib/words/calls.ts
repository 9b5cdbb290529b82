import type { Call } from "../../../core/calls/keys.ts";
import { durationText } from "./times.ts";

export interface CallLine {
  tone: "good" | "bad" | "plain";
  text: string;
  note?: string;
}

/** A call as a sentence for the call log. */
export function callLine(call: Call, names: ReadonlyMap<string, string>): CallLine {
  const opened = call.released.map((id) => names.get(id) ?? id);
  const note = opened.length === 0 ? {} : { note: `Opened during it: ${opened.join(", ")}` };
  switch (call.outcome) {
    case "answered":
      return { tone: "good", text: `${answeredText(call)}${lengthText(call)}`, ...note };
    case "missed":
      return { tone: "bad", text: "Nobody answered", ...note };
    case "rejected":
      return { tone: "plain", text: "Declined", ...note };
    case "interrupted":
      return { tone: "bad", text: "Cut off: the panel was restarted", ...note };
    case "open":
      return { tone: "plain", text: call.state === "ringing" ? "Ringing now" : answeredText(call), ...note };
  }
}

export function answeredText({ answeredBy }: Call): string {
  return answeredBy ? `Answered by ${answeredBy.name ?? answeredBy.id}` : "Answered";
}

function lengthText({ answeredAt, endedAt }: Call): string {
  return answeredAt !== null && endedAt !== null ? `, ${durationText(endedAt - answeredAt)}` : "";
}
