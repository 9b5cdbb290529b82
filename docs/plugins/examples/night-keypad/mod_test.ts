import assert from "node:assert/strict";
import { codeService, termsSchema } from "latchkey";
import { type PluginPanel, pluginTests } from "latchkey/testing";
import plugin from "./mod.ts";

const OWNER = { kind: "person", id: "member-1", scopes: [] } as const;
const DAY = "2026-06-01T15:00:00+02:00";
const NIGHT = "2026-06-01T23:30:00+02:00";

const test = pluginTests({ plugin, from: import.meta.url });

async function newCode(panel: PluginPanel): Promise<string> {
  const terms = termsSchema.parse({ accessPoints: ["lock"] });
  const { text } = await panel.use(codeService).add(
    { name: "Parcel", form: "pin", terms },
    { ...OWNER, scopes: [] },
  );
  return text;
}

async function enter(panel: PluginPanel, code: string) {
  const { status, body } = await panel.call("POST", "/enter", { code });
  await panel.advance(1_000);
  return { status, outcome: body.outcome, message: body.message };
}

test("by day a code opens", { at: DAY }, async (panel) => {
  assert.equal((await enter(panel, await newCode(panel))).outcome, "released");
  assert.equal(panel.pulses("lock").length, 1);
});

test("at night it does not, and says why; the access log knows", { at: NIGHT }, async (panel) => {
  const { outcome, message } = await enter(panel, await newCode(panel));
  assert.deepEqual([outcome, message], ["denied", "The door stays shut from 22:00 to 06:00"]);
  assert.deepEqual(panel.pulses("lock"), []);
  const [row] = await panel.log("release");
  assert.deepEqual([row?.outcome, row?.reason, row?.actor.kind], ["denied", "denied-by-plugin", "code"]);
});

test("at night the button inside, badges and phones open as ever", { at: NIGHT }, async (panel) => {
  await panel.addCard("04A1B2C3", "Anna");
  assert.equal((await panel.swipe("04A1B2C3"))?.outcome, "released");
  assert.equal((await panel.release("lock")).outcome, "released");
  await panel.advance(5_000);
  await panel.press("exit-button");
  await panel.advance(5_000);
  assert.equal(panel.pulses("lock").length, 3);
});

test(
  "where the settings keep everyone out, the button inside still lets people out",
  { at: NIGHT, settings: { refused: "everyone" } },
  async (panel) => {
    await panel.addCard("04A1B2C3", "Anna");
    assert.equal((await panel.swipe("04A1B2C3"))?.reason, "denied-by-plugin");
    assert.equal((await panel.release("lock")).reason, "denied-by-plugin");
    await panel.press("exit-button");
    await panel.advance(5_000);
    assert.equal(panel.pulses("lock").length, 1);
  },
);

test(
  "the night is when the settings say",
  { at: DAY, settings: { from: "14:30", to: "15:30" } },
  async (panel) => {
    const code = await newCode(panel);
    assert.equal((await enter(panel, code)).outcome, "denied");
    await panel.advance(30 * 60_000);
    assert.equal((await enter(panel, code)).outcome, "released");
  },
);

test("a wrong code opens nothing at any time", { at: DAY }, async (panel) => {
  assert.equal((await enter(panel, "00000000")).status, 403);
});
