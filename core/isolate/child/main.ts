/** The program that runs one third-party plugin: `main.ts PLUGIN-URL`, with the panel at its standard input and output. */
import { registerHooks } from "node:module";
import { Socket } from "node:net";
import process from "node:process";
import { format } from "node:util";
import { systemClock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { systemRandom } from "../../random.ts";
import { runChild } from "./run.ts";

// Unlike the streams of `process`, these neither block nor need to be polled.
const input = new Socket({ fd: 0, readable: true, writable: false });
const output = new Socket({ fd: 1, readable: false, writable: true });
const pieces = input[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
const [plugin = ""] = process.argv.slice(2);

// Code comes from the plugin's folder, in one thread: a second takes more memory than there is. This is for plain words
// only; the fence is elsewhere.
registerHooks({
  resolve(specifier, context, next) {
    if (/^(data|blob):/.test(specifier)) {
      throw new TypeError(`A plugin can't import "${specifier.slice(0, 40)}"`);
    }
    return next(specifier, context);
  },
});
Reflect.deleteProperty(globalThis, "Worker");

// Ctrl-C in a terminal goes to every process; when this one ends is the panel's to say.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

await runChild({
  clock: systemClock,
  random: systemRandom,
  async read() {
    const { done, value } = await pieces.next();
    return done ? undefined : value;
  },
  send: (bytes) => new Promise((sent) => void output.write(bytes, () => sent())),
  // By a variable: what it imports, statically too, is then held to this process's permissions.
  load: () => import(plugin),
  useLog: printTo,
});
output.end(() => process.exit(0));

/** What a plugin prints would else be taken for what it says to the panel. */
function printTo(log: Log): void {
  const levels = {
    debug: "debug",
    log: "info",
    info: "info",
    warn: "warn",
    error: "error",
    trace: "debug",
  } as const;
  for (const [name, level] of Object.entries(levels)) {
    console[name as keyof typeof levels] = (...args: unknown[]) => log[level](format(...args));
  }
}
