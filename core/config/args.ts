import type { Fault } from "../errors.ts";

const SWITCHES = ["help", "version", "reclaim", "safe-mode", "supervised"] as const;
export type Switch = (typeof SWITCHES)[number];

export interface Args {
  /** Options with a value, in order, such as ["log.level", "debug"]. */
  options: [name: string, value: string][];
  switches: Set<Switch>;
  faults: Fault[];
}

/**
 * Reads `--name value`, `--name=value` and switches. What an option means is for others to know. A `--` in front, as in
 * `deno task start -- --port 8081`, is passed on by Deno and left out by npm.
 */
export function parseArgs(argv: readonly string[]): Args {
  const args: Args = { options: [], switches: new Set(), faults: [] };
  const words = argv[0] === "--" ? argv.slice(1) : [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(word === "-h" ? "--help" : word);
    const name = match?.[1];
    if (name === undefined) {
      args.faults.push({ field: word, message: "An option such as --port 8080; --help lists all" });
    } else if (isSwitch(name)) {
      if (match?.[2] === undefined) args.switches.add(name);
      else args.faults.push({ field: `--${name}`, value: match[2], message: "No value: this is a switch" });
    } else {
      const inline = match?.[2];
      const value = inline ?? (words[0]?.startsWith("--") ? undefined : words.shift());
      if (value === undefined) args.faults.push({ field: `--${name}`, message: "A value after it" });
      else args.options.push([name, value]);
    }
  }
  return args;
}

function isSwitch(name: string): name is Switch {
  return (SWITCHES as readonly string[]).includes(name);
}
