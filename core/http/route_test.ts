import assert from "node:assert/strict";
import { definePlugin } from "../plugin/plugin.ts";
import { rawRoute } from "./raw_route.ts";
import { type Route, route } from "./route.ts";
import { ApiPanel } from "./testing/api_panel.ts";

const base = { method: "get", path: "/things", summary: "List things", handle: () => {} } as const;

Deno.test("I-23: a route that declares no level of access, or an unknown one, does not compile", () => {
  // @ts-expect-error: no level
  route({ ...base });
  // @ts-expect-error: not as good as one
  route({ ...base, access: undefined });
  // @ts-expect-error: there is no such level
  route({ ...base, access: "everyone" });
  // @ts-expect-error: nor is a raw route open by default
  rawRoute({ path: "/file", summary: "A file", produces: "text/plain", respond: () => new Response() });
  assert.equal(route({ ...base, access: "owner" }).access, "owner");
});

Deno.test("I-23: one that slipped through all the same admits nobody", async () => {
  let called = false;
  const careless = { ...base, handle: () => void (called = true) } as unknown as Route;
  const plugin = definePlugin({ id: "careless", api: 1, setup: (ctx) => ctx.routes([careless]) });
  await using panel = await ApiPanel.start({ plugins: [plugin] });
  for (const device of [panel.device, null]) {
    const { status } = await panel.ask("GET", "/plugins/careless/things", { device });
    assert.ok(status >= 400, String(status));
  }
  assert.equal(called, false);
});
