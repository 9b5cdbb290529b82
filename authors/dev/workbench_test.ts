import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Call, callService, partsPoint } from "../../core/mod.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { newPlugin } from "../tools/new.ts";
import { watchFolder } from "./watch.ts";
import { Workbench } from "./workbench.ts";

const PATIENCE_MS = 30_000;

/** What was said, waited for. */
class Ear {
  text = "";
  #read = 0;
  #wake = () => {};

  say = (text: string): void => {
    this.text += `${text}\n`;
    this.#wake();
  };

  async hears(pattern: RegExp): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`Nothing like ${pattern} in:\n${this.text}`)),
      PATIENCE_MS,
    );
    try {
      for (;;) {
        const found = pattern.exec(this.text.slice(this.#read));
        if (found) return void (this.#read += found.index + found[0].length);
        await Promise.race([new Promise<void>((wake) => this.#wake = wake), late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

Deno.test(
  "plugin:dev runs a plugin anew when a file changes, tells what goes wrong, and the panel goes on all the while",
  inTempDir(async (dir) => {
    const folder = await newPlugin("trial", dir);
    const ear = new Ear();
    await using bench = await Workbench.open({ folder, data: join(dir, "data"), port: 0, say: ear.say });
    await ear.hears(/Open +http:\/\/127\.0\.0\.1:\d+\/#claim=/);
    await ear.hears(/Trial wants, and gets:\n +Hears who rings/);
    await ear.hears(/▶ Trial runs \(\d+ ms\)/);
    const { core } = bench.panel.runtime.host;
    const parts = new Map<string, string>();
    core.watch(partsPoint, {
      added: ({ id, name }) => parts.set(id, name),
      removed: ({ id }) => parts.delete(id),
    });
    const { call } = await core.use(callService).ring("bell");
    const unwatch = watchFolder(folder, () => void bench.refresh());
    const file = join(folder, "mod.ts");
    const code = readFileSync(file, "utf8");

    writeFileSync(
      file,
      code.replace('default("Rings")', 'default("Visits")').replace(
        "async setup(ctx) {",
        'async setup(ctx) {\n    ctx.log.info("Good morning");',
      ),
    );
    await ear.hears(/Good morning plugin=trial/);
    await ear.hears(/▶ Trial runs anew/);
    assert.equal(parts.get("trial"), "Visits");

    writeFileSync(file, "export default 1 +;");
    await ear.hears(/✗ It does not run: Its module can't be loaded/);
    assert.equal(parts.get("trial"), undefined);
    writeFileSync(
      file,
      code.replace("ctx.contribute(", "ctx.on(partChanged, () => {});\n    ctx.contribute("),
    );
    await ear.hears(
      /✗ It does not run: .*"part\.changed"\n +→ add to "wants" in package\.json: "events": \["part\.changed"\]/,
    );

    const manifest = join(folder, "package.json");
    writeFileSync(
      manifest,
      readFileSync(manifest, "utf8").replace('"call.changed"', '"call.changed", "part.changed"'),
    );
    await ear.hears(/It now wants too, and gets:\n +Hears what the parts of the home do/);
    await ear.hears(/▶ Trial runs anew/);
    writeFileSync(manifest, "{");
    await ear.hears(/✗ It does not run: The plugin's package\.json can't be used/);
    assert.equal(bench.panel.runtime.host.status().find(({ id }) => id === "trial")?.state, "running");

    const still: Call | undefined = await core.use(callService).current();
    assert.equal(still?.id, call.id, "who rings is still heard");
    unwatch();
  }),
);

Deno.test(
  "plugin:dev leaves alone what a test's change does not touch, and keeps settings over changes",
  inTempDir(async (dir) => {
    const folder = await newPlugin("trial", dir);
    const ear = new Ear();
    await using bench = await Workbench.open({ folder, data: join(dir, "data"), port: 0, say: ear.say });
    const { runtime } = bench.panel;
    const thirdParty = await runtime.thirdParty.open();
    await runtime.host.restart("trial", { name: "Guests" });
    thirdParty.saveSettings("trial", { name: "Guests" });
    const { text } = ear;
    writeFileSync(join(folder, "mod_test.ts"), "");
    await bench.refresh();
    assert.equal(ear.text, text);
    writeFileSync(join(folder, "README.md"), "Another");
    await bench.refresh();
    await ear.hears(/▶ Trial runs anew/);
    assert.deepEqual(runtime.host.configOf("trial"), { name: "Guests" });
  }),
);
