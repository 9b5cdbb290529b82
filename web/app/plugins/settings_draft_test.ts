import assert from "node:assert/strict";
import { z } from "zod";
import type { Json } from "../../../core/json.ts";
import { isSecretName } from "../../../core/log.ts";
import { draftOf, placeFaults, type SettingsDraft, settingsOf } from "./settings_draft.ts";
import { fieldsOf, inWords } from "./settings_fields.ts";

const schema = z.strictObject({
  url: z.url().default("http://chime.local").describe("Where the chime is told"),
  volume: z.int().min(1).max(6).default(4).describe("How loud it is, steps"),
  share: z.number().optional(),
  loud: z.boolean().default(true),
  maybe: z.boolean().nullable().default(null),
  tune: z.enum(["westminster", "ding"]).default("ding"),
  steps: z.union([z.literal(1), z.literal(2)]).optional(),
  room: z.string().nullable().default(null).meta({ title: "The room" }),
  note: z.string().optional(),
  guests: z.array(z.string()).default([]),
  hours: z.strictObject({ from: z.int(), until: z.int() }).optional(),
  apiToken: z.string().default(""),
  town: z.string(),
  height: z.number(),
});
const shown = z.toJSONSchema(schema, { io: "input" }) as Json;
const VALUES = {
  url: "http://chime.local",
  volume: 4,
  loud: true,
  maybe: null,
  tune: "ding",
  room: null,
  guests: ["Ada"],
  hours: { from: 8, until: 22 },
  apiToken: "x",
  town: "Rome",
  height: 1.5,
  ofAnotherVersion: { kept: [1] },
};
const fields = fieldsOf(shown, VALUES);
const field = (name: string) => fields.find((each) => each.name === name)!;

function changed(change: SettingsDraft) {
  return settingsOf(fields, { ...draftOf(fields, VALUES), ...change }, VALUES);
}

Deno.test("each kind of setting has a field that suits it, and whatever is left is JSON", () => {
  assert.deepEqual(fields.map(({ name, kind }) => [name, kind]), [
    ["url", "text"],
    ["volume", "number"],
    ["share", "number"],
    ["loud", "switch"],
    ["maybe", "choice"],
    ["tune", "choice"],
    ["steps", "choice"],
    ["room", "text"],
    ["note", "text"],
    ["guests", "lines"],
    ["hours", "json"],
    ["apiToken", "text"],
    ["town", "text"],
    ["height", "number"],
  ]);
  assert.deepEqual(fields.filter(({ secret }) => secret).map(({ name }) => name), ["apiToken"]);
  assert.deepEqual(field("steps").choices, [1, 2]);
});

Deno.test("a secret is not shown as it is typed, and is one for the log too; a text is", () => {
  const names = ["password", "apiToken", "secret", "privateKey", "text", "tune"];
  const texts = z.toJSONSchema(z.object(Object.fromEntries(names.map((name) => [name, z.string()])))) as Json;
  const secrets = fieldsOf(texts, {}).filter(({ secret }) => secret).map(({ name }) => name);
  assert.deepEqual(secrets, ["password", "apiToken", "secret", "privateKey"]);
  assert.ok(secrets.every(isSecretName));
});

Deno.test("a field is called by its title or by its name in words, and says range and default", () => {
  assert.equal(field("room").label, "The room");
  assert.deepEqual(["holdOpen", "max_age", "pulseMs", "url"].map(inWords), [
    "Hold open",
    "Max age",
    "Pulse ms",
    "Url",
  ]);
  assert.equal(field("volume").hint, "How loud it is, steps. From 1 to 6. Unless changed: 4.");
  assert.equal(field("share").hint, undefined, "what every number may be is no limit");
  assert.equal(field("guests").hint, "One per line.");
});

Deno.test("what nobody has touched stays as it is, and so does what the form does not know", () => {
  assert.deepEqual(changed({}), { values: VALUES });
  const odd = { lines: ["one\ntwo"], text: 7, pick: "gone" };
  const others = fieldsOf(
    z.toJSONSchema(z.object({
      lines: z.array(z.string()),
      text: z.string(),
      pick: z.enum(["a"]),
    })) as Json,
    odd,
  );
  assert.deepEqual(others.map(({ kind }) => kind), ["json", "json", "json"]);
  assert.deepEqual(settingsOf(others, draftOf(others, odd), odd), { values: odd });
});

Deno.test("what was typed becomes the values that the schema takes", () => {
  const made = changed({
    url: "https://kitchen.lan",
    volume: " 6 ",
    share: "0,5",
    loud: false,
    maybe: "true",
    tune: '"westminster"',
    steps: "2",
    room: "Kitchen",
    guests: "Ada\n\n Bea \n",
    hours: '{"from":9,"until":20}',
  });
  assert.ok("values" in made);
  const { ofAnotherVersion, ...values } = made.values as typeof VALUES;
  assert.deepEqual(ofAnotherVersion, { kept: [1] });
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
    hours: { from: 9, until: 20 },
  });
});

Deno.test("an emptied field is null, nothing or its default, as its schema has it", () => {
  const set = { ...VALUES, share: 1, maybe: false, room: "Hall", note: "n", steps: 1 };
  const draft = draftOf(fields, set);
  const emptied = {
    volume: "",
    share: "",
    maybe: "",
    room: "",
    note: "",
    steps: "",
    guests: "",
    hours: "",
    apiToken: "",
  };
  const made = settingsOf(fields, { ...draft, ...emptied }, set);
  const { volume: _, hours: __, ...rest } = VALUES;
  assert.deepEqual(made, { values: { ...rest, guests: [], apiToken: "" } });
});

Deno.test("what can't be a value is said at its field, with what is allowed", () => {
  assert.deepEqual(changed({ volume: "7", share: "loud", height: "", hours: "[" }), {
    faults: {
      volume: "From 1 to 6, and not 7",
      share: "“loud” is no number",
      height: "It can’t be left empty",
      hours: (changed({ hours: "[" }) as { faults: { hours: string } }).faults.hours,
    },
  });
  assert.deepEqual(changed({ volume: "1.5" }), {
    faults: { volume: "A whole number is needed, and not 1.5" },
  });
  assert.match(JSON.stringify(changed({ hours: "[" })), /This is no JSON: /);
});

Deno.test("what the panel refuses is put at its field, the rest below all", () => {
  assert.deepEqual(
    placeFaults(fields, [
      { field: "url", message: "Not a URL" },
      { field: "hours.until", message: "Too late" },
      { field: "hours.from", message: "Too early" },
      { field: "colour", message: "Unknown field" },
      { field: "", message: "Odd" },
    ]),
    {
      at: { url: "Not a URL", hours: "until: Too late; from: Too early" },
      rest: "colour: Unknown field; Odd",
    },
  );
});

Deno.test("settings that are no plain list of fields are JSON in one; where there is nothing to set there is no form", () => {
  const either = z.toJSONSchema(z.union([z.object({ a: z.int() }), z.object({ b: z.int() })])) as Json;
  const whole = fieldsOf(either, { a: 1 });
  assert.deepEqual(whole.map(({ name, kind, label }) => [name, kind, label]), [["", "json", "Settings"]]);
  assert.deepEqual(settingsOf(whole, { "": '{"b":2}' }, { a: 1 }), { values: { b: 2 } });
  assert.deepEqual(settingsOf(whole, { "": "3" }, { a: 1 }), {
    faults: { "": "An object in braces is needed, such as {}" },
  });
  assert.deepEqual(placeFaults(whole, [{ field: "b", message: "Too small" }]).at, { "": "b: Too small" });
  assert.deepEqual(fieldsOf(z.toJSONSchema(z.strictObject({})) as Json, {}), []);
  assert.deepEqual(fieldsOf(z.toJSONSchema(z.record(z.string(), z.json())) as Json, {}), []);
});
