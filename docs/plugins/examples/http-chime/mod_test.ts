import assert from "node:assert/strict";
import { partChanged } from "latchkey";
import { type PluginPanel, pluginTests } from "latchkey/testing";
import plugin from "./mod.ts";

const test = pluginTests({
  plugin,
  from: import.meta.url,
  web: () => ({ status: 204 }),
  settings: (web) => ({ url: `${web}/ring` }),
});

const warnings = (panel: PluginPanel) =>
  panel.lines.filter(({ message }) => message === "The chime was not told").length;

const told = (panel: PluginPanel) =>
  panel.until(() => panel.heard(partChanged).findLast(({ id }) => id === "http-chime")?.state);

test("a ring is told to the chime once", async (panel) => {
  const call = await panel.ring();
  assert.deepEqual(await told(panel), { unreachable: false });
  await panel.answer();
  await panel.hangUp();
  const [request, ...more] = panel.web.requests;
  assert.deepEqual([request?.method, request?.path, more], ["POST", "/ring", []]);
  assert.deepEqual(JSON.parse(request!.body), { call: call.id, at: call.startedAt });
});

test("it tries again where the chime fails or does not answer, as long as somebody rings", async (panel) => {
  const { web } = panel;
  web.answer = () => ({ status: 500 });
  await panel.ring();
  await panel.until(() => warnings(panel) === 1);
  web.answer = () => undefined;
  await panel.advance(500);
  await panel.until(() => web.requests.length === 2);
  await panel.advance(2_000);
  await panel.until(() => warnings(panel) === 2);
  web.answer = () => ({ status: 204 });
  await panel.advance(1_000);
  assert.deepEqual(await told(panel), { unreachable: false });
  assert.equal(web.requests.length, 3);
});

test("a chime that is gone keeps nobody from ringing and answering, and the household sees it", {
  settings: { url: "http://127.0.0.1:1/ring", attempts: 1 },
}, async (panel) => {
  assert.equal((await panel.ring()).state, "ringing");
  assert.deepEqual(await told(panel), { unreachable: true });
  assert.equal((await panel.answer()).state, "answered");
});

test("once the call is answered it is not tried again", { web: () => ({ status: 500 }) }, async (panel) => {
  await panel.ring();
  await panel.until(() => warnings(panel) === 1);
  await panel.answer();
  await panel.advance(10_000);
  assert.equal(panel.web.requests.length, 1);
});
