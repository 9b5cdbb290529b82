import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Role, SCOPES } from "../core/members/model.ts";
import { TestDevice } from "../core/testing/device.ts";
import { Panel } from "../tests/harness/panel.ts";
import { PAGE, roleTable, rowsOf, tableOn } from "./role_table.ts";

const ORIGIN = "http://127.0.0.1:8080";
const TERMS = { accessPoints: ["lock"] };
const EVERY_SCOPE = [...SCOPES, "release"];

/** The cells of the table on the page, by route and column. */
function documented(): Map<string, Map<string, string>> {
  const [head = [], , ...rows] = tableOn(readFileSync(PAGE, "utf8")).trim().split("\n").map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", ""))
  );
  return new Map(
    rows.map((row) => [row[0]!, new Map(row.map((cell, at) => [head[at]!, cell]))]),
  );
}

/** A device of somebody new. */
async function invited(panel: Panel, role: Role, more: { [key: string]: unknown } = {}): Promise<TestDevice> {
  const { body: { code } } = await panel.post("/invitations", { name: role, role, ...more });
  const device = new TestDevice();
  const { status, body } = await panel.api("POST", "/join", { code, deviceName: "Phone" }, device);
  assert.equal(status, 201);
  device.token = body.token;
  return device;
}

let asked = 0;

/** Whether the request gets past the question who asks; what it does then is another. */
async function admits(panel: Panel, route: string, device: TestDevice | undefined): Promise<boolean> {
  const [method = "", path = ""] = route.split(" ");
  const url = `${ORIGIN}/api/v1${path.replace(/\{\w+\}/g, "lock")}`;
  // Strangers who are refused are slowed down by where they come from.
  const info = { address: `127.1.${asked >> 8}.${asked++ & 255}` };
  const fetch = (request: Request) => panel.runtime.fetch(request, info);
  const response = device ? await device.send(fetch, method, url) : await fetch(new Request(url, { method }));
  // The stream of events would never end.
  const text = response.ok ? "" : await response.text();
  if (response.ok) await response.body?.cancel();
  return !/"code":"(role-not-allowed|scope-missing|token-missing|slow-down)"/.test(text);
}

Deno.test("documentation: the table of routes and roles is what the routes of a whole panel declare", async () => {
  await using panel = await Panel.start();
  const { body } = await panel.get("/openapi.json");
  const page = tableOn(readFileSync(PAGE, "utf8"));
  assert.equal(page, roleTable(rowsOf(body)), "write it anew with `deno task roles`");
});

Deno.test("I-23: a whole panel admits whom the table in docs/security.md names, to each route, and nobody else", async () => {
  await using panel = await Panel.start();
  const callers: Record<string, TestDevice | undefined> = {
    owner: panel.device,
    family: await invited(panel, "family"),
    monitor: await invited(panel, "monitor"),
    guest: await invited(panel, "guest", { terms: TERMS }),
    "service with the scope": await invited(panel, "service", { scopes: EVERY_SCOPE }),
    "without a credential": undefined,
  };
  const other = await invited(panel, "service", { scopes: ["release:nowhere"] });
  // Giving up one's own access comes last.
  const table = [...documented()].toSorted(([a], [b]) =>
    Number(/\/me\/device/.test(a)) - Number(/\/me\/device/.test(b))
  );
  assert.ok(table.length > 50);
  for (const [route, cells] of table) {
    await panel.advance(60_000);
    for (const [who, device] of Object.entries(callers)) {
      assert.equal(await admits(panel, route, device), cells.get(who) !== "", `${who}: ${route}`);
    }
    const isOpen = cells.get("without a credential") !== "";
    assert.equal(await admits(panel, route, other), isOpen, `service without the scope: ${route}`);
  }
});
