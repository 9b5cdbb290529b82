/** The board's lines in the order they are drawn, and what each is called. */
export const LINES = [
  { id: "bell", name: "Bell", kind: "input" },
  { id: "exit-button", name: "Exit button", kind: "input" },
  { id: "inside-button", name: "Button inside", kind: "input" },
  { id: "door-contact", name: "Door contact", kind: "input" },
  { id: "tamper", name: "Tamper", kind: "input" },
  { id: "reader", name: "Reader", kind: "input" },
  { id: "lock", name: "Lock", kind: "release" },
  { id: "gate", name: "Gate", kind: "release" },
  { id: "indicator", name: "Bell ring", kind: "light" },
  { id: "nameplate", name: "Nameplate", kind: "light" },
  { id: "beeper", name: "Beeper", kind: "light" },
] as const;

export function lineName(id: string): string {
  return LINES.find((line) => line.id === id)?.name ?? id;
}
