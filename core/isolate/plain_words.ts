import type { Wants } from "./manifest.ts";

/** One thing that a plugin wants, in words for whoever has never written a program. */
export interface Phrase {
  /** Names it: `release:lock`, `net:api.example.org`. */
  want: string;
  text: string;
  /** Whether it is about the doors, or opens the panel to others. */
  grave: boolean;
}

interface Row<T> {
  say(wanted: T): Phrase[];
  /** Whether the grant holds what the phrase says; where it would say the same, unless told. */
  holds?(granted: T, want: string): boolean;
}

const phrase = (want: string, text: string, grave = false): Phrase => ({ want, text, grave });
const only = (wanted: boolean, ...rest: Parameters<typeof phrase>): Phrase[] =>
  wanted ? [phrase(...rest)] : [];

const SERVICES: Record<string, string> = {
  access: "May read the whole access log, and see which doors there are and whether one is open",
  "access:accessPoints": "May see which doors there are, and whether one is open",
  "access:log": "May read the whole access log: who opened what, who was refused, what was changed",
  "access:release": "May ask for a door to be opened; it opens only what it may open",
  calls: "May ring, see who has rung, and answer or end calls",
  "calls:ring": "May ring",
  "calls:answer": "May answer calls",
  "calls:reject": "May turn calls down",
  "calls:end": "May end calls",
  "calls:current": "May see whether somebody rings",
  "calls:list": "May see who has rung",
  codes: "May check codes that somebody types, and so open what a code opens",
  "codes:redeem": "May check codes that somebody types, and so open what a code opens",
  panel: "May know the panel's name and address",
  "panel:describe": "May know the panel's name and address",
  time: "May know the home's time zone, and whether the clock is right",
  "time:zone": "May know the home's time zone",
  "time:trusted": "May know whether the clock is right",
};
const GRAVE_SERVICES = /^codes(:|$)/;

const EVENTS: Record<string, string> = {
  "access.logged": "Hears who opens what, and who was refused",
  "alarm.raised": "Hears of alarms, such as a door that is forced",
  "call.changed": "Hears who rings, and what becomes of it",
  "part.changed": "Hears what the parts of the home do, such as a light that goes on",
  "part.occurred": "Hears what happens at the parts of the home, such as a button that is pressed",
  "credentials.changed": "Hears that cards were added, changed or removed",
  "input.changed": "Hears what the panel's inputs do, such as a door that opens",
  "output.changed": "Hears what the panel's outputs do",
  "board.link-changed": "Hears whether the panel's hardware answers",
};

/** What each want means. One that is added to `wantsSchema` does not compile before it has its words. */
const WORDS: { [Want in keyof Wants]: Row<Wants[Want]> } = {
  release: {
    say: (ids) => ids.map((id) => phrase(`release:${id}`, `May open the ${id.replaceAll("-", " ")}`, true)),
  },
  denials: {
    say: (wanted) =>
      only(wanted, "denials", "May object to a release, so that a door stays shut; it can't open one", true),
  },
  services: {
    say: (names) =>
      names.map((name) => phrase(`service:${name}`, serviceWords(name), GRAVE_SERVICES.test(name))),
    holds: (granted, want) => {
      const name = want.slice("service:".length);
      return granted.includes(name) || granted.includes(name.replace(/:.*/, ""));
    },
  },
  events: {
    say: (names) => names.map((name) => phrase(`event:${name}`, EVENTS[name] ?? `Hears the event "${name}"`)),
  },
  parts: {
    say: (level) => [
      ...only(
        level !== "none",
        "parts:read",
        "Sees the state of all parts of the home: doors, lights, sensors",
      ),
      ...only(level === "control", "parts:control", "May tell parts of the home what to do", true),
    ],
  },
  hostNames: {
    say: (wanted) =>
      only(wanted, "host-names", "May give the panel further names on the network, which end in .local"),
  },
  anyone: {
    say: (wanted) => only(wanted, "anyone", "Answers anyone on the network, without asking who it is", true),
  },
  net: {
    say: (hosts) => hosts.map((host) => phrase(`net:${host}`, `May reach ${host}`)),
    holds: (granted, want) => {
      const host = want.slice("net:".length);
      return granted.includes(host) || granted.includes(host.replace(/:\d+$/, ""));
    },
  },
  memoryMb: {
    say: (mb) => [phrase(`memory:${mb}`, `May use ${mb} MB of memory`)],
    holds: (granted, want) => Number(want.slice("memory:".length)) <= granted,
  },
};

/** All that is wanted, what is grave first. */
export function phrasesOf(wants: Wants): Phrase[] {
  const all = rows().flatMap(([want, row]) => row.say(wants[want]));
  return [...all.filter(({ grave }) => grave), ...all.filter(({ grave }) => !grave)];
}

/** What of `wants` was not granted before. */
export function newPhrases(wants: Wants, granted: Wants): Phrase[] {
  const held = new Set(
    rows().flatMap(([want, row]) => {
      const before = new Set(row.say(granted[want]).map((said) => said.want));
      return row.say(wants[want]).map((said) => said.want)
        .filter((said) => before.has(said) || row.holds?.(granted[want], said));
    }),
  );
  return phrasesOf(wants).filter(({ want }) => !held.has(want));
}

function serviceWords(name: string): string {
  const [service, method] = name.split(":");
  if (Object.hasOwn(SERVICES, name)) return SERVICES[name]!;
  return method === undefined
    ? `May use "${service}" of the panel or of another plugin`
    : `May ask "${service}" for "${method}"`;
}

// Each row fits the want of its own name, which the type of all of them together does not tell.
const rows = () => Object.entries(WORDS) as unknown as [keyof Wants, Row<unknown>][];
