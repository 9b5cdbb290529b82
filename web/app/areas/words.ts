/** What is drawn over the camera's picture. */
export type AreasKind = "privacy" | "zones";

/** What an area is called, by what it is for. */
export interface AreaWords {
  /** All of them. */
  title: string;
  /** With a capital letter; without; and with its article. */
  name: string;
  noun: string;
  one: string;
}

export const AREA_WORDS: Readonly<Record<AreasKind, AreaWords>> = {
  privacy: { title: "Privacy areas", name: "Area", noun: "area", one: "an area" },
  zones: { title: "Motion zones", name: "Zone", noun: "zone", one: "a zone" },
};
