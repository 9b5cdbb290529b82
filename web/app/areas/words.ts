import type { IconName } from "../../lib/ui/icons.tsx";
import type { AreasKind } from "../model/api.ts";

/** What an area is called, by what it is for. */
export interface AreaWords {
  title: string;
  text: string;
  icon: IconName;
  /** With a capital letter; without; and with its article. */
  name: string;
  noun: string;
  one: string;
  /** Said when they are in force; when there are none any more. */
  saved: string;
  emptied: string;
}

export const AREA_WORDS: Readonly<Record<AreasKind, AreaWords>> = {
  privacy: {
    title: "Privacy areas",
    text:
      "What you cover is black for everyone: in the live view, in snapshots, and in recordings made from now " +
      "on. Older recordings stay as they are.",
    icon: "covered",
    name: "Area",
    noun: "area",
    one: "an area",
    saved: "The privacy areas are black from now on",
    emptied: "Nothing is covered any more",
  },
  zones: {
    title: "Motion zones",
    text:
      "The panel notices what moves in one of these zones; without any, what moves anywhere in the picture. " +
      "What a privacy area covers is never seen.",
    icon: "zones",
    name: "Zone",
    noun: "zone",
    one: "a zone",
    saved: "Motion is looked for in these zones from now on",
    emptied: "Motion is looked for in all of the picture from now on",
  },
};
