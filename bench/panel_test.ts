import assert from "node:assert/strict";
import { startPanel, temporaryDir } from "./panel.ts";

Deno.test("the panel that is measured opens for its owner", async () => {
  using dir = temporaryDir();
  await using panel = await startPanel(dir.path);
  const { outcome } = await panel.access.release({
    requestId: "r-0001",
    accessPoint: "lock",
    actor: panel.owner,
    via: "app",
  });
  assert.equal(outcome, "released");
});
