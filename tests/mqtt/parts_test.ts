import assert from "node:assert/strict";
import { type Part, partEventsSchema, partsPoint, partValueSchema } from "../../core/mod.ts";
import { Panel } from "../harness/panel.ts";

type Kept = (part: Part, state: Record<string, unknown>) => boolean;

/** What core/parts.ts says that a kind promises. */
const PROMISES: Partial<Record<Part["kind"], Kept>> = {
  lock: (_, { released }) => typeof released === "boolean",
  gate: (_, { released }) => typeof released === "boolean",
  light: ({ commands }, { on, level }) =>
    typeof on === "boolean" && typeof level === "number" &&
    [{ mode: "on" }, { mode: "off" }, { level: 0.5 }, { mode: "on", level: 1 }].every((args) =>
      commands?.["set"]?.args.safeParse(args).success
    ),
  button: ({ commands }) => commands?.["press"]?.args.safeParse({}).success === true,
};

const FITS = {
  flag: (value: unknown) => typeof value === "boolean",
  choice: (value: unknown) => typeof value === "string",
  number: (value: unknown) => typeof value === "number",
  instant: (value: unknown) => typeof value === "number",
  text: (value: unknown) => typeof value === "string",
};

Deno.test("every part of a panel keeps what its kind promises and is as its values and events say", async () => {
  await using panel = await Panel.start();
  const parts: Part[] = [];
  panel.runtime.host.core.watch(partsPoint, { added: (part) => void parts.push(part) });
  assert.deepEqual(parts.map(({ id }) => id).toSorted(), [
    "bell",
    "camera",
    "discovery",
    "door-contact",
    "gate",
    "intercom",
    "lock",
    "nameplate",
    "recorder",
    "tamper",
  ]);
  for (const part of parts) {
    const state = await part.state();
    assert.ok(PROMISES[part.kind]?.(part, state) ?? true, `${part.id}: ${JSON.stringify(state)}`);
    for (const [field, value] of Object.entries(part.values ?? {})) {
      partValueSchema.parse(value);
      assert.ok(field in state, `${part.id}.${field}`);
      assert.ok(state[field] === null || FITS[value.type](state[field]), `${part.id}.${field}`);
      const command = "command" in value ? value.command : undefined;
      if (command === undefined) continue;
      const args = { [field]: value.type === "choice" ? value.options.at(-1) : state[field] };
      assert.ok(part.commands?.[command]?.args.safeParse(args).success, `${part.id}.${command}`);
    }
    if (part.kind === "event") partEventsSchema.parse(part.events);
  }
});
