import type { BoardDescription } from "../../core/mod.ts";

export interface OutputSpec {
  name: string;
  kind: BoardDescription["outputs"][number]["kind"];
  dimmable: boolean;
}

/** What hangs on the simulated board. */
export const outputSpecs: readonly OutputSpec[] = [
  { name: "lock", kind: "release", dimmable: false },
  { name: "gate", kind: "release", dimmable: false },
  { name: "indicator", kind: "light", dimmable: false },
  { name: "nameplate", kind: "light", dimmable: true },
  { name: "beeper", kind: "beeper", dimmable: false },
];

/** `door-contact` is active while the door is open. */
export const inputNames = ["bell", "exit-button", "inside-button", "door-contact", "tamper"] as const;

export const readerNames = ["reader"] as const;
