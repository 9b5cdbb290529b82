import assert from "node:assert/strict";
import { checkLayers } from "./check_layers.ts";

/** A project in order, to which each test adds what breaks one rule. */
const SOUND = {
  "core/mod.ts": `export const core = 1; export type Model = number;`,
  "core/plugin/host.ts": `export const host = 1;`,
  "core/log.ts": `export const log = 1;`,
  "core/testing/clock.ts": `export const clock = 1;`,
  "plugins/lock/mod.ts": `import { core } from "../../core/mod.ts";
    import { keys } from "../rfid/keys.ts";
    import { sim } from "../../drivers/sim/keys.ts";
    import { media } from "../../media/keys.ts";
    export { own } from "./own.ts";
    export default [core, keys, sim, media];`,
  "plugins/lock/own.ts": `export const own = 1;`,
  "plugins/lock/mod_test.ts": `import { clock } from "../../core/testing/clock.ts";
    import { model } from "../../drivers/sim/model.ts";
    export default [clock, model];`,
  "plugins/rfid/mod.ts": `export const rfid = 1;`,
  "plugins/rfid/keys.ts": `export const keys = 1;`,
  "media/keys.ts": `import { core } from "../core/mod.ts"; export const media = core;`,
  "media/rtc/viewer.ts": `import { log } from "../../core/log.ts"; import { media } from "../keys.ts";
    export default [log, media];`,
  "media/testing/fake.ts": `export const fake = 1;`,
  "plugins/rfid/own_test.ts": `import { fake } from "../../media/testing/fake.ts"; export default fake;`,
  "drivers/sim/keys.ts": `export const sim = 1;`,
  "drivers/sim/model.ts": `import { log } from "../../core/log.ts"; export const model = log;`,
  "web/app.tsx": `import type { Model } from "../core/mod.ts"; export const app: Model = 1;`,
  "plugins/mod.ts": `export { default as lock } from "./lock/mod.ts"; export * from "../drivers/sim/mod.ts";`,
  "drivers/sim/mod.ts": `export const driver = 1;`,
  "main.ts": `import { lock } from "./plugins/mod.ts"; import "./core/plugin/host.ts"; export { lock };`,
};

async function faultsWith(files: Record<string, string>): Promise<string[]> {
  const root = await Deno.makeTempDir({ prefix: "latchkey-" });
  try {
    for (const [path, text] of Object.entries({ ...SOUND, ...files })) {
      await Deno.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    return await checkLayers(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function refuses(name: string, files: Record<string, string>, ...expected: RegExp[]) {
  Deno.test(`layering: refuses ${name}`, async () => {
    const faults = await faultsWith(files);
    assert.equal(faults.length, expected.length, faults.join("\n"));
    for (const pattern of expected) assert.ok(faults.some((fault) => pattern.test(fault)), faults.join("\n"));
  });
}

Deno.test("layering: a project in order has no fault", async () => {
  assert.deepEqual(await faultsWith({}), []);
});

refuses("a plugin imported by core", {
  "core/a.ts": `import { own } from "../plugins/lock/own.ts"; export const a = own;`,
}, /^core\/a\.ts imports plugins\/lock\/own\.ts/);

refuses("a plugin's type imported by core", {
  "core/a.ts": `export type A = typeof import("../plugins/lock/own.ts");`,
}, /^core\/a\.ts imports plugins\/lock\/own\.ts/);

refuses("a driver re-exported by core", {
  "core/a.ts": `export * from "../drivers/sim/model.ts";`,
}, /^core\/a\.ts imports drivers\/sim\/model\.ts/);

refuses(
  "a page or a test imported by core",
  {
    "core/a.ts": `import "../web/b.ts"; import "../tests/c.ts";`,
    "web/b.ts": `export {};`,
    "tests/c.ts": `export {};`,
  },
  /imports web\/b/,
  /imports tests\/c\.ts: core/,
  /imports tests\/c\.ts: what ships/,
);

refuses("a plugin loaded by core at run time", {
  "core/a.ts": `export const a = await import("../plugins/lock/own.ts");`,
}, /^core\/a\.ts imports plugins\/lock\/own\.ts/);

refuses(
  "code loaded by a computed name",
  {
    "core/a.ts": `const name = "own"; export const a = await import(\n  name);`,
    "plugins/rfid/a.ts":
      `import { createRequire } from "node:module"; export default createRequire(import.meta.url);`,
  },
  /^core\/a\.ts loads code by "import\("/,
  /^plugins\/rfid\/a\.ts loads code by "createRequire\("/,
);

refuses("code loaded by a template", {
  "core/a.ts": "const dir = 'lock-'; export const a = await import(`../plugins/${dir}/own.ts`);",
}, /^core\/a\.ts loads code by "import\("/);

refuses("core's inner modules in a plugin", {
  "plugins/rfid/a.ts": `import { host } from "../../core/plugin/host.ts"; export default host;`,
}, /^plugins\/rfid\/a\.ts imports core\/plugin\/host\.ts/);

refuses("another plugin's inside, also as a type", {
  "plugins/rfid/a.ts": `import type { own } from "../lock/own.ts"; export type A = typeof own;`,
}, /^plugins\/rfid\/a\.ts imports plugins\/lock\/own\.ts/);

refuses("a plugin's inside in the list of plugins", {
  "plugins/mod.ts": `export { own } from "./lock/own.ts";`,
}, /^plugins\/mod\.ts imports plugins\/lock\/own\.ts/);

refuses("core's inner modules in a plugin's test", {
  "plugins/rfid/a_test.ts": `import { host } from "../../core/plugin/host.ts"; export default host;`,
}, /^plugins\/rfid\/a_test\.ts imports core\/plugin\/host\.ts/);

refuses(
  "core's test helpers in what ships",
  {
    "plugins/rfid/a.ts": `import { clock } from "../../core/testing/clock.ts"; export default clock;`,
    "core/a.ts": `export { clock } from "./testing/clock.ts";`,
  },
  /^plugins.* imports core\/testing.*: a plugin/,
  /^plugins.*: what ships/,
  /^core\/a\.ts.*: what ships/,
);

refuses("core's folders in a driver", {
  "drivers/sim/a.ts": `import { host } from "../../core/plugin/host.ts"; export default host;`,
}, /^drivers\/sim\/a\.ts imports core\/plugin\/host\.ts/);

refuses("core's code in a page", {
  "web/a.ts": `import { core } from "../core/mod.ts"; export default core;`,
}, /^web\/a\.ts imports core\/mod\.ts/);

refuses("a plugin's inside in a page", {
  "web/a.ts": `import type { own } from "../plugins/lock/own.ts"; export type A = typeof own;`,
}, /^web\/a\.ts imports plugins\/lock\/own\.ts/);

refuses("a ring of imports, of which one is only a type", {
  "core/a.ts": `import type { C } from "./c.ts"; export type A = C;`,
  "core/b.ts": `import type { A } from "./a.ts"; export type B = A; export const b = 1;`,
  "core/c.ts": `export { b } from "./b.ts"; export type C = 1;`,
}, /^import cycle: core\/a\.ts → core\/c\.ts → core\/b\.ts → core\/a\.ts$/);

refuses(
  "a plugin's id in core, in code and in prose",
  {
    "core/a.ts": `// As rfid does.\nexport const a = "b";`,
    "core/b.ts": `export const b = "RFID";`,
  },
  /^core\/a\.ts names the plugin "rfid"/,
  /^core\/b\.ts names the plugin "rfid"/,
);

refuses("an id that is a word of the trade only where it is a string of its own", {
  "core/a.ts": "// A file lock; see `lock`.\nexport const lock = 'a lock opened';",
  "core/b.ts": `export const b = (id: string) => id === "lock";`,
}, /^core\/b\.ts names the plugin "lock"/);

refuses("a file of over 300 lines, but not a test of that length", {
  "core/a.ts": "export {};\n".repeat(301),
  "core/b.ts": "export {};\n".repeat(300),
  "core/a_test.ts": "export {};\n".repeat(301),
}, /^core\/a\.ts has 301 lines/);

refuses("the Deno namespace in what ships", {
  "core/a.ts": `export const a = Deno.args;`,
  "core/a_test.ts": `export const a = Deno.args;`,
}, /^core\/a\.ts uses the Deno namespace/);

refuses("the media process reaching into core", {
  "media/engine.ts": `import { host } from "../core/plugin/host.ts"; export const engine = host;`,
}, /^media\/engine\.ts imports core\/plugin\/host\.ts: media\/ imports/);

refuses("a plugin that takes more of the media process than its keys", {
  "plugins/rfid/own.ts": `import viewer from "../../media/rtc/viewer.ts"; export const own = viewer;`,
}, /^plugins\/rfid\/own\.ts imports media\/rtc\/viewer\.ts/);
