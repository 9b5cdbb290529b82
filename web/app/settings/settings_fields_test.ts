import assert from "node:assert/strict";
import { z } from "zod";
import { formHints } from "../../../core/form_hints.ts";
import type { Json } from "../../../core/json.ts";
import { isSecretName } from "../../../core/log.ts";
import { weekScheduleSchema } from "../../../core/access/week.ts";
import { builtInPlugins } from "../../../plugins/mod.ts";
import { inWords } from "./setting_words.ts";
import { draftOf, settingsOf } from "./settings_draft.ts";
import { fieldsOf, flat, isSwitchable } from "./settings_fields.ts";

const motion = z.strictObject({
  enabled: z.boolean().default(false),
  sensitivity: z.int().min(1).max(100).default(50).describe("How faint it may be")
    .meta(formHints({ when: { enabled: [true] } })),
});
const schema = z.strictObject({
  url: z.url().default("http://chime.local").describe("Where the chime is told"),
  volume: z.int().min(1).max(6).default(4).describe("How loud it is, steps"),
  share: z.number().optional(),
  loud: z.boolean().default(true),
  maybe: z.boolean().nullable().default(null),
  tune: z.enum(["westminster", "ding"]).default("ding").meta(formHints({ names: { ding: "Ding-dong" } })),
  steps: z.union([z.literal(1), z.literal(2)]).optional(),
  room: z.string().nullable().default(null).meta({ title: "The room" }),
  guests: z.array(z.string()).default([]),
  spots: z.array(z.strictObject({ x: z.int() })).default([]),
  drawn: z.array(z.strictObject({ x: z.int() })).default([]).meta(formHints({ control: "picture" })),
  motion: motion.prefault({}).describe("What moves"),
  hours: z.strictObject({ from: z.int(), loud: z.boolean() }).optional(),
  open: z.looseObject({ a: z.int() }).default({ a: 1 }),
  apiToken: z.string().default(""),
  address: z.string().default("").meta(formHints({ secret: true })),
  opens: z.string().default("lock").meta(formHints({ control: "access-point" })),
  office: weekScheduleSchema.partial({ zone: true }).optional().meta(formHints({ control: "week" })),
});
const shown = z.toJSONSchema(schema, { io: "input" }) as Json;
const VALUES = schema.parse({}) as Json;
const DOORS = [{ id: "lock", name: "Front door" }, { id: "gate", name: "Gate" }];
const fields = fieldsOf(shown, VALUES, DOORS);
const all = flat(fields);
const field = (name: string) => all.find((each) => each.name === name)!;

Deno.test("each kind of setting has a field that suits it, and whatever is left is JSON", () => {
  assert.deepEqual(all.map(({ name, kind }) => [name, kind]), [
    ["url", "text"],
    ["volume", "number"],
    ["share", "number"],
    ["loud", "switch"],
    ["maybe", "choice"],
    ["tune", "choice"],
    ["steps", "choice"],
    ["room", "text"],
    ["guests", "lines"],
    ["spots", "json"],
    ["drawn", "drawn"],
    ["motion", "group"],
    ["motion.enabled", "switch"],
    ["motion.sensitivity", "number"],
    ["hours", "group"],
    ["hours.from", "number"],
    ["hours.loud", "switch"],
    ["open", "json"],
    ["apiToken", "text"],
    ["address", "text"],
    ["opens", "choice"],
    ["office", "week"],
  ]);
  assert.deepEqual(field("steps").choices, [{ value: 1, text: "1" }, { value: 2, text: "2" }]);
  assert.deepEqual(all.filter(isSwitchable).map(({ name }) => name), ["hours", "office"]);
});

Deno.test("a choice is called as its schema says, a door as the household calls it, also one that is not there", () => {
  assert.deepEqual(field("tune").choices, [
    { value: "westminster", text: "westminster" },
    { value: "ding", text: "Ding-dong" },
  ]);
  const changed = fieldsOf(shown, { ...VALUES as object, tune: "westminster" });
  assert.equal(changed.find(({ name }) => name === "tune")!.hint, "Unless changed: Ding-dong.");
  assert.deepEqual(field("opens").choices.map(({ text }) => text), ["Front door", "Gate"]);
  const elsewhere = fieldsOf(shown, { ...VALUES as object, opens: "cellar" }, DOORS);
  assert.deepEqual(elsewhere.find(({ name }) => name === "opens")!.choices.map(({ text }) => text), [
    "Front door",
    "Gate",
    "cellar",
  ]);
});

Deno.test("a setting that another one makes idle says which, by its name in the whole", () => {
  assert.deepEqual(field("motion.sensitivity").when, [{ name: "motion.enabled", among: [true, "true"] }]);
});

Deno.test("a secret is not shown as it is typed, by its name or its schema; one by its name is for the log too", () => {
  const names = ["password", "apiToken", "secret", "privateKey", "text", "tune", "passwordFile"];
  const texts = z.toJSONSchema(z.object(Object.fromEntries(names.map((name) => [name, z.string()])))) as Json;
  const secrets = fieldsOf(texts, {}).filter(({ secret }) => secret).map(({ name }) => name);
  assert.deepEqual(secrets, ["password", "apiToken", "secret", "privateKey"]);
  assert.ok(secrets.every(isSecretName));
  assert.deepEqual(all.filter(({ secret }) => secret).map(({ name }) => name), ["apiToken", "address"]);
});

Deno.test("a field is called by its title or by its name in words, and says its range, and its default where it is another", () => {
  assert.equal(field("room").label, "The room");
  assert.deepEqual(["holdOpen", "max_age", "pulseMs", "url"].map(inWords), [
    "Hold open",
    "Max age",
    "Pulse ms",
    "Url",
  ]);
  assert.equal(field("volume").hint, "How loud it is, steps. From 1 to 6.");
  const changed = fieldsOf(shown, { ...VALUES as object, volume: 5 });
  assert.equal(changed[1]?.hint, "How loud it is, steps. From 1 to 6. Unless changed: 4.");
  assert.equal(field("share").hint, undefined, "what every number may be is no limit");
  assert.equal(field("guests").hint, "One per line.");
  assert.deepEqual([field("motion").label, field("motion").hint], ["Motion", "What moves."]);
});

Deno.test("where there is nothing to set there is no form; what is no plain list of fields is JSON in one", () => {
  const either = z.toJSONSchema(z.union([z.object({ a: z.int() }), z.object({ b: z.int() })])) as Json;
  assert.deepEqual(fieldsOf(either, { a: 1 }).map(({ name, kind, label }) => [name, kind, label]), [
    ["", "json", "Settings"],
  ]);
  assert.deepEqual(fieldsOf(z.toJSONSchema(z.strictObject({})) as Json, {}), []);
  assert.deepEqual(fieldsOf(z.toJSONSchema(z.record(z.string(), z.json())) as Json, {}), []);
});

Deno.test("B-SET-7: of what is built in no setting is left to JSON, and what nobody touches stays as it is", () => {
  for (const { id, config } of builtInPlugins) {
    const values = config.parse({}) as Json;
    const own = fieldsOf(z.toJSONSchema(config, { io: "input" }) as Json, values, DOORS);
    assert.deepEqual(flat(own).filter(({ kind }) => kind === "json").map(({ name }) => name), [], id);
    assert.deepEqual(settingsOf(own, draftOf(own, values), values), { values }, id);
  }
});

Deno.test("of what is built in each setting that another makes idle names one beside it, with values it can have", () => {
  const waiting = builtInPlugins.flatMap(({ config }) => {
    const values = config.parse({}) as Json;
    const own = flat(fieldsOf(z.toJSONSchema(config, { io: "input" }) as Json, values, DOORS));
    return own.flatMap(({ when }) =>
      when.map(({ name, among }) => ({ among, on: own.find((each) => each.name === name) }))
    );
  });
  assert.ok(waiting.length > 5);
  for (const { among, on } of waiting) {
    const possible: (string | boolean)[] = on?.kind === "switch"
      ? [true]
      : on?.choices.map(({ value }) => JSON.stringify(value)) ?? [];
    assert.ok(possible.some((value) => among.includes(value)), `${on?.name}: ${among.join()}`);
    if (on?.kind === "choice") assert.ok(among.every((value) => possible.includes(value)), on.name);
  }
});
