import assert from "node:assert/strict";
import { AccessPanel } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { definePlugin } from "../plugin/plugin.ts";
import { integrationsPoint } from "./keys.ts";
import type { Actor } from "./model.ts";

const onPanel = (run: (panel: AccessPanel, dir: string) => Promise<void>) =>
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    await run(panel, dir);
    await panel.stop();
  });

const bridge = (id: string, integration: string, scopes: string[]) =>
  definePlugin({
    id,
    api: 1,
    setup: (ctx) => void ctx.contribute(integrationsPoint, { id: integration, name: "The home", scopes }),
  });

Deno.test(
  "an integration releases what its scopes name, as a service, and nothing once it is gone",
  onPanel(async (panel) => {
    panel.host.add(bridge("bridge", "bridge", ["release:lock"]), {});
    await panel.host.start();
    // What it says of its own scopes counts for nothing.
    const actor: Actor = { kind: "service", id: "bridge", scopes: ["release"] };
    const reasonOf = async (accessPoint: string) => {
      const { reason } = await panel.access.release(
        panel.request(actor, { accessPoint, via: "integration" }),
      );
      panel.lock.close();
      return reason;
    };
    assert.equal(await reasonOf("lock"), "granted");
    assert.equal(await reasonOf("gate"), "not-allowed");
    await panel.host.halt("bridge");
    assert.equal(await reasonOf("lock"), "not-allowed");
    const [granted] = (await panel.rows()).filter(({ kind }) => kind === "release");
    assert.deepEqual(granted?.actor, { ...actor, name: "The home" });
    assert.deepEqual([granted?.via, granted?.detail], ["integration", { role: "service" }]);
  }),
);

Deno.test(
  "an integration has its plugin's id and no other, and never a member's rights",
  onPanel(async (panel) => {
    const [owner] = panel.parts.members.list();
    panel.host.add(bridge("bridge", "other", ["release"]), {});
    panel.host.add(bridge(owner!.id, owner!.id, ["release"]), {});
    await panel.host.start();
    const as = (kind: Actor["kind"], id: string) =>
      panel.access.release(panel.request({ kind, id, scopes: [] }, { via: "integration" }));
    assert.equal((await as("service", "other")).reason, "not-allowed");
    assert.equal((await as("person", "bridge")).reason, "not-allowed");
    panel.parts.accessLog.write(() => panel.parts.members.remove(owner!.id));
    assert.equal((await as("person", owner!.id)).reason, "not-allowed");
    assert.deepEqual(panel.lock.pulses, []);
  }),
);
