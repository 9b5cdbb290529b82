import type { IconName } from "../../lib/ui/icons.tsx";
import type { PluginSettings } from "./settings_api.ts";
import { fieldsOf } from "./settings_fields.ts";

export interface About {
  icon: IconName;
  /** What there is to set, in a few words. */
  about: string;
  /** What does not work, or ends, while it starts anew. */
  pause?: string;
}

interface Section {
  heading: string;
  parts: Readonly<Record<string, About>>;
}

/** What the household knows of what is built in, in the order in which it is looked for. */
const SECTIONS: readonly Section[] = [
  {
    heading: "Picture and sound",
    parts: {
      "camera": {
        icon: "camera",
        about: "Where the picture comes from, how fine it is, what is written in it",
        pause: "The live picture breaks off for some seconds, and what is being recorded ends.",
      },
      "intercom": {
        icon: "speech",
        about: "Loudspeaker, microphone, one or both heard at a time",
        pause: "Whoever speaks at the door is cut off.",
      },
      "recorder": {
        icon: "record",
        about: "What is recorded, with or without sound, for how long",
        pause: "What is being recorded ends.",
      },
      "doorbell": { icon: "bell", about: "What the button is called" },
      "nameplate-light": { icon: "light", about: "When it is lit, how brightly" },
    },
  },
  {
    heading: "Doors",
    parts: {
      "lock": {
        icon: "lock",
        about: "How long it opens, office hours",
        pause: "For that moment it can’t be opened from here or with a badge.",
      },
      "gate": {
        icon: "gate",
        about: "How long its contact closes",
        pause: "For that moment it can’t be opened from here or with a badge.",
      },
      "rfid": {
        icon: "card",
        about: "What a badge opens, swiped or held",
        pause: "For that moment no badge is read.",
      },
      "exit-button": {
        icon: "leave",
        about: "What the button inside opens",
        pause: "For that moment the button inside opens nothing.",
      },
      "door-contact": { icon: "door-open", about: "When an open door is an alarm" },
      "tamper": { icon: "alarm", about: "What the alarm is called" },
      "inside-button": { icon: "press", about: "How long it is held to hand the panel on" },
    },
  },
  {
    heading: "Network",
    parts: {
      "discovery": { icon: "panel", about: "By which name the panel is found at home" },
      "mqtt": { icon: "home", about: "Home Assistant and other systems of the home" },
    },
  },
  {
    heading: "More",
    parts: {
      "board-sim": {
        icon: "panel",
        about: "When a contact counts as pressed",
        pause: "For that moment nothing can be opened.",
      },
    },
  },
];

/** Where nothing better is known of one. */
const PLAIN: About = { icon: "settings", about: "" };

export interface BuiltIn extends About {
  settings: PluginSettings;
}

/** What is built in and has settings, by what it is for. */
export function builtIn(
  all: readonly PluginSettings[],
  strangers: readonly string[],
): { heading: string; rows: BuiltIn[] }[] {
  const own = all.filter(({ plugin, schema, values }) =>
    !strangers.includes(plugin) && fieldsOf(schema, values).length > 0
  );
  const sections = SECTIONS.map(({ heading, parts }) => ({
    heading,
    rows: Object.entries(parts).flatMap(([id, about]): BuiltIn[] => {
      const settings = own.find(({ plugin }) => plugin === id);
      return settings ? [{ ...about, settings }] : [];
    }),
  }));
  const others = own.filter(({ plugin }) => !SECTIONS.some(({ parts }) => Object.hasOwn(parts, plugin)));
  sections.at(-1)?.rows.push(...others.map((settings) => ({ ...PLAIN, settings })));
  return sections.filter(({ rows }) => rows.length > 0);
}

/** What a save does. */
export function effectOf({ pause = "" }: About): string {
  return `When they are saved, this part of the panel stops and starts anew with them. ${pause}`.trim();
}
