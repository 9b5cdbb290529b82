import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import process from "node:process";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findNode22 } from "../../scripts/test_tools.ts";
import { PanelProcess, Visitor } from "./panel_process.ts";

const node = findNode22();
const npmStart = ["npm", "start", "--silent", "--"];
const supervisor = [node ?? "", "--import", "tsx", "supervisor.ts"];
const env = node === undefined ? {} : { PATH: `${dirname(node)}${delimiter}${process.env["PATH"]}` };

Deno.test({
  name: "npm start on Node boots, releases, stops cleanly, and a second start keeps everything" +
    (node ? "" : " (skipped: no Node 22)"),
  ignore: !node,
  fn: inTempDir(async (data) => {
    const args = ["--port", "0", "--data", data];
    await using first = new PanelProcess(args, npmStart, env);
    const visitor = await Visitor.of(first);
    const release = await visitor.api<{ outcome: string }>("POST", "/access-points/lock/release", {
      requestId: "once-only",
    });
    assert.deepEqual([release.status, release.body.outcome], [200, "released"]);
    const health = await visitor.api<{ status: string }>("GET", "/health");
    assert.equal(health.body.status, "ok");
    const page = await fetch(`${visitor.origin}/`);
    assert.match(await page.text(), /<script type="module"/);
    first.signalAll("SIGINT");
    // npm itself ends by the signal, after the panel.
    assert.ok([0, "SIGINT"].includes(await first.end()));
    assert.deepEqual(readdirSync(data).toSorted(), [
      "access.db",
      "access.head",
      "cards",
      "history.db",
      "keys",
      "panel.lock",
    ]);

    await using second = new PanelProcess(args, supervisor, env);
    const again = await Visitor.of(second, visitor.device);
    const repeated = await again.api<{ outcome: string; repeated: boolean }>(
      "POST",
      "/access-points/lock/release",
      { requestId: "once-only" },
    );
    assert.deepEqual([repeated.status, repeated.body.outcome, repeated.body.repeated], [
      200,
      "released",
      true,
    ]);
    second.signalAll("SIGINT");
    assert.equal(await second.end(), 0);
  }),
});

Deno.test({
  name: "on Node a wrong option and a second panel are refused as on Deno" +
    (node ? "" : " (skipped: no Node 22)"),
  ignore: !node,
  fn: inTempDir(async (data) => {
    const args = ["--port", "0", "--data", data];
    await using wrong = new PanelProcess([...args, "--prot", "1"], supervisor, env);
    assert.equal(await wrong.end(), 2);
    assert.match(wrong.text, /^ {2}--prot: Unknown option; --help lists all \(given: 1\)$/m);

    await using first = new PanelProcess(args, supervisor, env);
    await Visitor.of(first);
    await using second = new PanelProcess(args, supervisor, env);
    assert.equal(await second.end(), 2);
    assert.match(second.text, /^Another panel is running on this data directory/m);
    process.kill(first.child.pid!, "SIGKILL");
    assert.equal(await first.end(), "SIGKILL", "runtime and board end with it");
  }),
});
