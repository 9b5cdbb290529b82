import assert from "node:assert/strict";
import { z } from "zod";
import { weekScheduleSchema } from "../../../core/access/week.ts";
import { formHints } from "../../../core/form_hints.ts";
import type { Json } from "../../../core/json.ts";
import { draftOf, isChanged, placeFaults, type SettingsDraft, settingsOf } from "./settings_draft.ts";
import { fieldsOf } from "./settings_fields.ts";

const schema = z.strictObject({
  url: z.url().default("http://chime.local").describe("Where the chime is told"),
  volume: z.int().min(1).max(6).default(4).describe("How loud it is, steps"),
  share: z.number().optional(),
  loud: z.boolean().default(true),
  maybe: z.boolean().nullable().default(null),
  tune: z.enum(["westminster", "ding"]).default("ding"),
  steps: z.union([z.literal(1), z.literal(2)]).optional(),
  room: z.string().max(9).nullable().default(null),
  name: z.string().trim().min(1).default("Chime"),
  note: z.string().optional(),
  guests: z.array(z.string()).default([]),
  spots: z.array(z.strictObject({ x: z.int() })).optional(),
  motion: z.strictObject({
    enabled: z.boolean().default(false),
    sensitivity: z.int().min(1).max(100).default(50),
    inner: z.strictObject({ depth: z.int().max(9).default(1) }).prefault({}),
    zones: z.array(z.strictObject({ x: z.int() })).default([]).meta(formHints({ control: "picture" })),
  }).prefault({}),
  hours: z.strictObject({
    from: z.int(),
    until: z.int().default(20),
    quiet: z.boolean().default(true),
    note: z.string().optional(),
  }).optional(),
  away: z.strictObject({ days: z.int().default(1) }).nullable().default(null),
  office: weekScheduleSchema.partial({ zone: true }).optional().meta(formHints({ control: "week" })),
  apiToken: z.string().default(""),
  town: z.string(),
  height: z.number(),
});
const shown = z.toJSONSchema(schema, { io: "input" }) as Json;
const MOTION = {
  enabled: true,
  sensitivity: 60,
  inner: { depth: 3 },
  zones: [{ x: 1 }],
  ofAnotherVersion: 1,
};
const VALUES = {
  url: "http://chime.local",
  volume: 4,
  loud: true,
  maybe: null,
  tune: "ding",
  room: null,
  name: "Chime",
  guests: ["Ada"],
  spots: [{ x: 1 }],
  motion: MOTION,
  away: null,
  apiToken: "x",
  town: "Rome",
  height: 1.5,
  ofAnotherVersion: { kept: [1] },
};
const fields = fieldsOf(shown, VALUES);

function changed(change: SettingsDraft, onto: Json = VALUES) {
  return settingsOf(fields, { ...draftOf(fields, VALUES), ...change }, VALUES, onto);
}

Deno.test("what nobody has touched stays as it is, and so does what the form does not know", () => {
  assert.deepEqual(changed({}), { values: VALUES });
  assert.equal(isChanged(fields, draftOf(fields, VALUES), VALUES), false);
  const odd = { lines: ["one\ntwo"], text: 7, pick: "gone", group: "none" };
  const others = fieldsOf(
    z.toJSONSchema(z.object({
      lines: z.array(z.string()),
      text: z.string(),
      pick: z.enum(["a"]),
      group: z.strictObject({ a: z.int() }),
    })) as Json,
    odd,
  );
  assert.deepEqual(others.map(({ kind }) => kind), ["json", "json", "json", "json"]);
  assert.deepEqual(settingsOf(others, draftOf(others, odd), odd), { values: odd });
});

Deno.test("what was typed becomes the values that the schema takes", () => {
  const made = changed({
    "url": "https://kitchen.lan",
    "volume": " 6 ",
    "share": "0,5",
    "loud": false,
    "maybe": "true",
    "tune": '"westminster"',
    "steps": "2",
    "room": "Kitchen",
    "guests": "Ada\n\n Bea \n",
    "spots": '[{"x":2}]',
    "motion.inner.depth": "4",
    "away": true,
    "away.days": "7",
  });
  assert.ok("values" in made);
  const { ofAnotherVersion, motion, ...values } = made.values as typeof VALUES;
  assert.deepEqual(ofAnotherVersion, { kept: [1] });
  assert.deepEqual(motion, { ...MOTION, inner: { depth: 4 } }, "what is beside it in its group stays");
  assert.deepEqual(schema.parse(values), {
    ...values,
    url: "https://kitchen.lan",
    volume: 6,
    share: 0.5,
    loud: false,
    maybe: true,
    tune: "westminster",
    steps: 2,
    room: "Kitchen",
    guests: ["Ada", "Bea"],
    spots: [{ x: 2 }],
    motion: schema.shape.motion.parse({}),
    away: { days: 7 },
  });
});

Deno.test("what another owner has changed meanwhile stays, but for what was changed here", () => {
  const theirs = {
    ...VALUES,
    volume: 1,
    loud: false,
    motion: { ...MOTION, sensitivity: 5, inner: { depth: 9 } },
  };
  const made = changed({ "volume": "6", "motion.inner.depth": "2" }, theirs);
  assert.deepEqual(made, {
    values: { ...theirs, volume: 6, motion: { ...theirs.motion, inner: { depth: 2 } } },
  });
});

Deno.test("a group that may be left out is switched on with its defaults, and off again to nothing or null", () => {
  const draft = draftOf(fields, VALUES);
  assert.deepEqual([draft.hours, draft["hours.until"], draft["hours.quiet"], draft.away], [
    false,
    "20",
    true,
    false,
  ]);
  assert.deepEqual(changed({ hours: true }), { faults: { "hours.from": "It can’t be left empty" } });
  assert.deepEqual(changed({ "hours": true, "hours.from": "8", "hours.note": "n" }), {
    values: { ...VALUES, hours: { from: 8, note: "n" } },
  });
  assert.deepEqual(changed({ "hours": false, "hours.from": "8" }), { values: VALUES });
  const set = { ...VALUES, hours: { from: 8, until: 20 }, away: { days: 2 } };
  const off = { ...draftOf(fields, set), hours: false, away: false };
  assert.deepEqual(settingsOf(fields, off, set), { values: VALUES });
});

Deno.test("times of a week are taken as a whole, left out when they are off, and refused where a day or an hour lacks", () => {
  const week = { windows: [{ days: ["mon"], from: "08:00", to: "12:00" }] };
  assert.deepEqual(changed({ office: JSON.stringify(week) }), { values: { ...VALUES, office: week } });
  const set = { ...VALUES, office: week };
  const made = settingsOf(fields, { ...draftOf(fields, set), office: "" }, set);
  assert.deepEqual(made, { values: VALUES });
  const lacking = { windows: [{ days: [], from: "08:00", to: "12:00" }] };
  assert.deepEqual(changed({ office: JSON.stringify(lacking) }), {
    faults: { office: "Choose at least one day for each time." },
  });
});

Deno.test("an emptied field is null, nothing or its default, as its schema has it", () => {
  const set = { ...VALUES, share: 1, maybe: false, room: "Hall", note: "n", steps: 1 };
  const emptied = {
    "volume": "",
    "share": "",
    "maybe": "",
    "room": "",
    "note": "",
    "steps": "",
    "guests": "",
    "spots": "",
    "apiToken": "",
    "motion.sensitivity": "",
  };
  const made = settingsOf(fields, { ...draftOf(fields, set), ...emptied }, set);
  const { volume: _, spots: __, ...rest } = VALUES;
  const { sensitivity: ___, ...motion } = MOTION;
  assert.deepEqual(made, { values: { ...rest, motion, guests: [], apiToken: "" } });
});

Deno.test("what can't be a value is said at its field, with what is allowed, also within a group", () => {
  const wrong = { "volume": "7", "share": "loud", "height": "", "motion.inner.depth": "10", "spots": "[" };
  const made = changed(wrong);
  assert.ok("faults" in made);
  const { spots, ...faults } = made.faults;
  assert.deepEqual(faults, {
    "volume": "From 1 to 6, and not 7",
    "share": "“loud” is no number",
    "height": "It can’t be left empty",
    "motion.inner.depth": "At most 9, and not 10",
  });
  assert.match(spots ?? "", /This is no JSON: /);
  assert.deepEqual(changed({ volume: "1.5", name: " ", room: "Ballroom 2" }), {
    faults: {
      volume: "A whole number is needed, and not 1.5",
      name: "It can’t be left empty",
      room: "At most 9 characters, and not 10",
    },
  });
});

Deno.test("what the panel refuses is put at its field, else at the innermost group around it, the rest below all", () => {
  assert.deepEqual(
    placeFaults(fields, [
      { field: "url", message: "not a URL" },
      { field: "spots.0.x", message: "Too big" },
      { field: "spots.1", message: "Too many" },
      { field: "motion.inner.depth", message: "Too deep" },
      { field: "motion.inner.width", message: "Unknown field" },
      { field: "motion", message: "Odd" },
      { field: "colour", message: "Unknown field" },
      { field: "", message: "Odd" },
    ]),
    {
      at: {
        "url": "Not a URL",
        "spots": "0.x: Too big; 1: Too many",
        "motion.inner.depth": "Too deep",
        "motion.inner": "width: Unknown field",
        "motion": "Odd",
      },
      rest: "colour: Unknown field; Odd",
    },
  );
});

Deno.test("settings that are no plain list of fields are JSON in one", () => {
  const either = z.toJSONSchema(z.union([z.object({ a: z.int() }), z.object({ b: z.int() })])) as Json;
  const whole = fieldsOf(either, { a: 1 });
  assert.deepEqual(settingsOf(whole, { "": '{"b":2}' }, { a: 1 }), { values: { b: 2 } });
  assert.deepEqual(settingsOf(whole, { "": "3" }, { a: 1 }), {
    faults: { "": "An object in braces is needed, such as {}" },
  });
  assert.deepEqual(placeFaults(whole, [{ field: "b", message: "Too small" }]).at, { "": "b: Too small" });
});
