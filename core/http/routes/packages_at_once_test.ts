import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Actor } from "../../access/model.ts";
import { FakeProcess, runInProcess } from "../../isolate/testing/in_process.ts";
import type { ThirdParty } from "../../isolate/third_party.ts";
import { packageJson, tgz } from "../../isolate/testing/packages.ts";
import { definePlugin } from "../../plugin/plugin.ts";
import { pluginsDir } from "../../store/paths.ts";
import { settle } from "../../testing/virtual_clock.ts";
import { ApiPanel } from "../testing/api_panel.ts";

const chime = definePlugin({
  id: "chime",
  api: 1,
  config: z.strictObject({ tone: z.enum(["low", "high"]).default("high") }),
  setup: () => {},
});
const OWNER: Actor = { kind: "person", id: "member-1", scopes: [] };

async function panelOf() {
  const processes: FakeProcess[] = [];
  const panel = await ApiPanel.start({
    launch(order) {
      const process = new FakeProcess(order);
      processes.push(process);
      runInProcess(process, panel.clock, chime);
      return process;
    },
  });
  return { panel, processes, folder: join(pluginsDir(join(panel.core.store.path, "..")), "chime") };
}

async function bring(panel: ApiPanel, version: string): Promise<string> {
  const text = tgz({ "package.json": packageJson("chime", { version }), "mod.ts": `// ${version}` });
  const headers = { "content-type": "application/gzip" };
  return (await panel.ask("POST", "/plugin-packages", { text, headers })).body.digest;
}

const grant = (panel: ApiPanel, digest: string) => panel.ask("POST", `/plugin-packages/${digest}/grant`);

async function install(panel: ApiPanel): Promise<void> {
  assert.equal((await grant(panel, await bring(panel, "1.0.0"))).status, 200);
  await settle();
}

/** Lets the package in, and has something else done once that is decided and logged, and not yet so. */
async function grantWhile(
  panel: ApiPanel,
  digest: string,
  act: (door: ThirdParty) => unknown,
): Promise<number> {
  const door = await panel.thirdParty.open();
  const admit = door.admit.bind(door);
  door.admit = (...args) => {
    act(door);
    return admit(...args);
  };
  const { status } = await grant(panel, digest);
  await settle();
  return status;
}

Deno.test("a package that is sent away while it is let in is not let in, and the old version runs on", async () => {
  const { panel, processes } = await panelOf();
  await using _ = panel;
  await install(panel);
  const digest = await bring(panel, "2.0.0");
  const installer = await panel.thirdParty.installer();
  assert.equal(await grantWhile(panel, digest, () => installer.drop(digest)), 404);
  const { body: [plugin] } = await panel.ask("GET", "/third-party");
  assert.deepEqual([plugin.version, plugin.off], ["1.0.0", null]);
  assert.deepEqual(processes.map(({ killed }) => killed), [false]);
});

Deno.test("a plugin that is removed while another version of it is let in is gone", async () => {
  const { panel, folder } = await panelOf();
  await using _ = panel;
  await install(panel);
  const digest = await bring(panel, "2.0.0");
  assert.equal(await grantWhile(panel, digest, (door) => void door.dismiss("chime", OWNER)), 404);
  assert.deepEqual((await panel.ask("GET", "/third-party")).body, []);
  assert.equal(existsSync(folder), false);
});

Deno.test("settings that are changed while another version is let in are kept", async () => {
  const { panel } = await panelOf();
  await using _ = panel;
  await install(panel);
  const digest = await bring(panel, "2.0.0");
  const change = (door: ThirdParty) => door.saveSettings("chime", { tone: "low" });
  assert.equal(await grantWhile(panel, digest, change), 200);
  const door = await panel.thirdParty.open();
  assert.deepEqual(door.find("chime")!.settings, { tone: "low" });
});
