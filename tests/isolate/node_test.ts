import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import process from "node:process";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findNode22 } from "../../scripts/test_tools.ts";
import { PanelProcess, Visitor } from "../boot/panel_process.ts";
import { hasFailed, install, until } from "./installed.ts";

const node = findNode22();
const supervisor = [node ?? "", "--import", "tsx", "supervisor.ts"];
const env = node === undefined ? {} : { PATH: `${dirname(node)}${delimiter}${process.env["PATH"]}` };

Deno.test({
  name: "on Node, which can't fence it, a third-party plugin is not started and says why; the panel opens" +
    (node ? "" : " (skipped: no Node 22)"),
  ignore: !node,
  fn: inTempDir(async (data) => {
    const module =
      'export default (await import("latchkey")).definePlugin({ id: "calm", api: 1, setup() {} });';
    install(data, { id: "calm", files: { "mod.ts": module } });
    await using panel = new PanelProcess(["--port", "0", "--data", data], supervisor, env);
    const visitor = await Visitor.of(panel);
    const { reason } = await until(visitor, "calm", hasFailed);
    assert.equal(reason, "Third-party plugins run on Deno only: Node has nothing to fence them with");
    assert.equal((await visitor.api("POST", "/access-points/lock/release")).status, 200);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
});
