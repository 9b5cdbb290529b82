import assert from "node:assert/strict";
import { Panel } from "../harness/panel.ts";

const light = (panel: Panel) => panel.edges("nameplate").at(-1)?.level ?? 0;
const command = (panel: Panel, body: unknown) => panel.post("/parts/nameplate/commands/set", body);

Deno.test("B-SET-3: the nameplate is switched, dimmed and scheduled from the app, and keeps it over a restart", async () => {
  await using panel = await Panel.start();
  assert.equal(light(panel), 1);
  assert.equal((await command(panel, { level: 0.3 })).status, 204);
  assert.equal(light(panel), 0.3);
  await command(panel, { mode: "off" });
  assert.equal(light(panel), 0);
  await panel.restart();
  assert.equal(light(panel), 0);
  await command(panel, { mode: "schedule" });
  assert.equal(light(panel), 0, "14:00 in Rome");
  await panel.advance(3 * 60 * 60_000);
  assert.equal(light(panel), 0.3, "17:00 in Rome");
});

Deno.test("B-SET-3: a schedule of the household's own switches the nameplate on and off, dimmed", async () => {
  await using panel = await Panel.start({ start: Date.parse("2026-06-01T19:59:00Z") });
  const windows = [{ days: ["mon"], from: "22:00", to: "23:00" }];
  await panel.api("PUT", "/settings/nameplate-light", {
    mode: "schedule",
    level: 0.4,
    schedule: { windows },
  });
  assert.equal(light(panel), 0);
  await panel.advance(60_000);
  assert.equal(light(panel), 0.4, "22:00 in Rome");
  await panel.advance(59 * 60_000);
  assert.equal(light(panel), 0.4);
  await panel.advance(60_000);
  assert.equal(light(panel), 0, "23:00 in Rome");
  await command(panel, { mode: "on", level: 1 });
  assert.equal(light(panel), 1);
});

Deno.test("B-SET-7: a wrong value is refused naming field, value and what is allowed, and nothing changes", async () => {
  await using panel = await Panel.start();
  const { body: before } = await panel.get("/settings");
  const { status, body } = await panel.api("PUT", "/settings/gate", { pulseMs: 50, colour: "red" });
  assert.equal(status, 400);
  const faults = body.errors.map((fault: { field: string; value: unknown }) => [fault.field, fault.value]);
  assert.deepEqual(faults.toSorted(), [["colour", "red"], ["pulseMs", 50]]);
  const allowed = (field: string) =>
    body.errors.find((fault: { field: string }) => fault.field === field).message;
  assert.match(allowed("pulseMs"), /100/);
  assert.match(allowed("colour"), /pulseMs/);
  assert.deepEqual((await panel.get("/settings")).body, before);
  assert.deepEqual(await panel.accessLog("settings"), []);
  await panel.release("gate");
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("gate"), [500]);
  assert.equal(panel.saved.size, 0);
});

Deno.test("B-SET-7: a right value is in force at once, saved, logged, and there after a restart", async () => {
  await using panel = await Panel.start();
  assert.equal((await panel.api("PUT", "/settings/gate", { pulseMs: 1_200 })).status, 200);
  await panel.restart();
  await panel.release("gate");
  await panel.advance(2_000);
  assert.deepEqual(panel.pulses("gate"), [1_200]);
  assert.equal((await panel.accessLog("settings"))[0].detail.plugin, "gate");
});

Deno.test("B-SET-7: every plugin's settings refuse what their schema does not know", async () => {
  await using panel = await Panel.start();
  const { body: before } = await panel.get("/settings");
  for (const { plugin } of before) {
    const { status, body } = await panel.api("PUT", `/settings/${plugin}`, { nonsense: 1 });
    assert.deepEqual([status, body.errors[0].field, body.errors[0].value], [400, "nonsense", 1], plugin);
  }
  assert.equal((await panel.api("PUT", "/settings/fridge", {})).status, 404);
  assert.deepEqual((await panel.get("/settings")).body, before);
});

Deno.test("B-SET-7: a light that is told nonsense says what it takes", async () => {
  await using panel = await Panel.start();
  const { status, body } = await command(panel, { level: 7 });
  assert.equal(status, 400);
  assert.equal(body.errors[0].field, "level");
  assert.equal(light(panel), 1);
});
