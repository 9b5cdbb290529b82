import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { partsPoint } from "../../core/mod.ts";
import { settingsSchema as lightSettings, wishSchema } from "../../plugins/nameplate-light/settings.ts";
import { type Entities, entitiesOf, panelEntities } from "../../plugins/mqtt/entities.ts";
import { weather } from "../../plugins/mqtt/testing/parts.ts";
import { topicsUnder } from "../../plugins/mqtt/topics.ts";
import { findJinja } from "../../scripts/test_tools.ts";
import { Panel } from "../harness/panel.ts";

const python = findJinja();

/** Home Assistant's words for what a template makes of variables. */
type Render = (template: unknown, variables: object) => Promise<string>;
/** As a template of a topic's is rendered: with what was told there. */
type Read = (template: unknown, state: object) => Promise<string>;

function test(name: string, run: (jinja: { render: Render; read: Read }) => Promise<void>): void {
  Deno.test({
    name: python ? name : `${name} (skipped: no Jinja)`,
    ignore: !python,
    async fn() {
      const child = spawn(python!, [fileURLToPath(new URL("templates.py", import.meta.url))]);
      const ended = once(child, "close");
      const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const render: Render = async (template, variables) => {
        child.stdin.write(`${JSON.stringify({ template, variables })}\n`);
        const { value, done } = await answers.next();
        assert.ok(!done, `It fails over ${template}`);
        return JSON.parse(value);
      };
      try {
        const read: Read = (template, state) => render(template, { value: JSON.stringify(state) });
        await run({ render, read });
      } finally {
        child.stdin.end();
        await ended;
      }
    },
  });
}

const topics = topicsUnder("house");
async function builtIn(): Promise<{ entities: Entities; states: Record<string, object> }> {
  await using panel = await Panel.start();
  const entities = panelEntities(topics, { holders: true });
  const states: Record<string, object> = {};
  const parts: Promise<void>[] = [];
  panel.runtime.host.core.watch(partsPoint, {
    added(part) {
      Object.assign(entities, entitiesOf(part, topics, { mayRelease: () => true, pictures: true }));
      parts.push(Promise.resolve(part.state()).then((state) => void (states[topics.state(part.id)] = state)));
    },
  });
  await Promise.all(parts);
  return { entities, states };
}

test("Home Assistant makes a value that it knows of each state that a panel tells", async ({ read }) => {
  const { entities, states } = await builtIn();
  const seen: Record<string, string> = {};
  for (const [key, entity] of Object.entries(entities)) {
    const state = states[String(entity["state_topic"])];
    const template = entity["value_template"] ?? entity["state_template"];
    if (state !== undefined) seen[key] = await read(template, state);
  }
  const { "recorder-card": card, ...others } = seen;
  // The recorder looks at it when the panel has started.
  const { options } = entities["recorder-card"]!;
  assert.ok((options as string[]).includes(card!), String(card));
  assert.deepEqual(others, {
    lock: "LOCKED",
    "gate-released": "OFF",
    "intercom-fault":
      "The media process does not answer; it starts with the panel where a camera or a loudspeaker is configured",
    "intercom-speaking": "OFF",
    "intercom-volume": "80",
    "bell-pressedAt": "None",
    "camera-fault":
      "The media process does not answer; it starts with the panel where a camera or a loudspeaker is configured",
    "camera-motion": "OFF",
    "camera-viewers": "0",
    nameplate: "on",
    "nameplate-mode": "on",
    "door-contact-open": "OFF",
    "door-contact-forced": "OFF",
    "door-contact-heldOpen": "OFF",
    "recorder-byHand": "OFF",
    "recorder-recording": "OFF",
    "tamper-active": "OFF",
  });
  assert.equal(await read(entities["lock"]!["value_template"], { released: true }), "UNLOCKED");
  assert.equal(await read(entities["door-contact-open"]!["value_template"], { open: true }), "ON");
  const at = Date.UTC(2026, 10, 25, 7, 8, 9);
  assert.equal(
    await read(entities["bell-pressedAt"]!["value_template"], { pressedAt: at }),
    "2026-11-25T07:08:09+00:00",
  );
  assert.equal(await read(entities["nameplate"]!["brightness_template"], { on: true, level: 0.4 }), "102");
  assert.equal(await read(entities["nameplate"]!["state_template"], { on: false }), "off");
});

test("Home Assistant reads the panel's own facts", async ({ read }) => {
  const entities = panelEntities(topics, { holders: true });
  const facts = { version: "1.2.3", startedAt: Date.UTC(2026, 0, 2), clockTrusted: false, eventsLost: 7 };
  const fact = (key: string, state: object) => read(entities[key]!["value_template"], state);
  assert.deepEqual(
    await Promise.all(["clock", "started", "version", "lost"].map((key) => fact(key, facts))),
    ["ON", "2026-01-02T00:00:00+00:00", "1.2.3", "7"],
  );
  assert.equal(await fact("clock", { ...facts, clockTrusted: true }), "OFF");
  assert.equal(await fact("call", { state: "ringing" }), "ringing");
  assert.equal(await fact("badge", { holder: "Anna" }), "Anna");
  assert.equal(await fact("badge", { holder: null }), "None");
});

test(
  "a command of Home Assistant's is one that the panel takes: it says when it was sent",
  async ({ render }) => {
    const { entities } = await builtIn();
    for (const [key, value] of [["lock", "UNLOCK"], ["gate", "PRESS"]] as const) {
      const payload = await render(entities[key]!["command_template"], { value, code: null });
      assert.deepEqual(JSON.parse(payload), {
        command: value,
        at: Date.UTC(2026, 10, 25, 12, 0, 0, 250) / 1_000,
      });
    }
    const light = entities["nameplate"]!;
    const on = async (variables: object) => JSON.parse(await render(light["command_on_template"], variables));
    for (const brightness of [1, 2, 3, 128, 255]) {
      const wish = await on({ state: true, brightness });
      assert.ok(wishSchema.safeParse(wish).success, JSON.stringify(wish));
      assert.ok(lightSettings.shape.level.safeParse(wish.level).success);
    }
    assert.deepEqual(await on({ state: true }), { mode: "on" });
    assert.deepEqual(await on({ state: true, brightness: 255 }), { mode: "on", level: 1 });
    assert.deepEqual(JSON.parse(await render(light["command_off_template"], { state: false })), {
      mode: "off",
    });
    assert.deepEqual(
      JSON.parse(await render(entities["nameplate-mode"]!["command_template"], { value: "schedule" })),
      { mode: "schedule" },
    );
  },
);

test(
  "of each kind of value the state is read and what is set is JSON for the part's command",
  async ({ render, read }) => {
    const entities = entitiesOf(weather(), topics, { mayRelease: () => false, pictures: false });
    const value = (field: string, state: object) =>
      read(entities[`weather-${field}`]!["value_template"], state);
    assert.equal(await value("text", { text: 'it\'s "wet"' }), 'it\'s "wet"');
    assert.equal(await value("degrees", { degrees: -3.5 }), "-3.5");
    assert.equal(await value("sky", { sky: "clear" }), "clear");
    assert.equal(await value("quiet", { quiet: true }), entities["weather-quiet"]!["state_on"]);
    assert.equal(await value("quiet", { quiet: false }), entities["weather-quiet"]!["state_off"]);
    for (const field of ["text", "seen", "wet", "sky", "degrees", "range"]) {
      assert.equal(await value(field, { [field]: null }), "None", field);
    }
    const set = async (field: string, value: unknown) =>
      JSON.parse(await render(entities[`weather-${field}`]!["command_template"], { value }));
    assert.deepEqual(await set("range", 2.5), { range: 2.5 });
    assert.deepEqual(await set("level", "high"), { level: "high" });
    assert.deepEqual(JSON.parse(String(entities["weather-quiet"]!["payload_on"])), { quiet: true });
  },
);

test(
  "a ring that comes late is none for Home Assistant; one that comes in time is passed on as it is",
  async ({ read }) => {
    const { entities } = await builtIn();
    const ring = { event_type: "ring", id: "1", at: "2026-11-25T12:00:00.000Z", late: false };
    const template = entities["bell-event"]!["value_template"];
    assert.deepEqual(JSON.parse(await read(template, ring)), ring);
    assert.equal(await read(template, { ...ring, late: true }), "");
  },
);
