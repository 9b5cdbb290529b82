import { z } from "zod";
import { LatchkeyError } from "../../errors.ts";
import { parseOr } from "../../faults.ts";
import type { Json } from "../../json.ts";
import { errorText } from "../../log.ts";
import { type Part, partEventsSchema, partKindSchema, partsPoint, partValueSchema } from "../../parts.ts";
import { within } from "../../plugin/effects.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";

/** A part that has not told its state by then is shown without it, ms. */
const STATE_MS = 3_000;

const nameField = z.string().max(64).regex(/^[\w-]+(\.[\w-]+)*$/, {
  error: "1 to 64 letters, digits, dashes, and dots between them",
});

const partSchema = z.strictObject({
  id: z.string(),
  kind: partKindSchema,
  name: z.string(),
  state: z.record(z.string(), z.json()).describe("Empty where it does not answer"),
  values: z.record(z.string(), partValueSchema).optional().describe("What fields of its state mean"),
  events: partEventsSchema.optional().describe("What can happen to it"),
  commands: z.record(z.string(), z.json()).describe("What it can be told, with the JSON Schema of the body"),
});

export function partRoutes({ core }: ApiDeps): Route[] {
  const parts = new Map<string, Part>();
  core.watch(partsPoint, {
    added(part, owner) {
      if (parts.has(part.id)) {
        core.log.warn("A part can't be shown: its id is taken", { part: part.id, owner });
      } else parts.set(part.id, part);
    },
    removed(part) {
      if (parts.get(part.id) === part) parts.delete(part.id);
    },
  });

  async function stateOf(part: Part): Promise<{ [key: string]: Json }> {
    try {
      return await within(core.clock, STATE_MS, part.state());
    } catch (error) {
      core.log.warn("A part does not tell its state", { part: part.id, error: errorText(error) });
      return {};
    }
  }

  return [
    route({
      method: "get",
      path: "/parts",
      access: "household",
      scope: "status:read",
      tag: "parts",
      summary: "List what the panel is made of, with its state",
      response: z.array(partSchema),
      handle: () =>
        Promise.all([...parts.values()].map(async (part) => ({
          id: part.id,
          kind: part.kind,
          name: part.name,
          state: await stateOf(part),
          ...(part.values ? { values: part.values } : {}),
          ...(part.events ? { events: part.events } : {}),
          commands: commandsOf(part),
        }))),
    }),
    route({
      method: "post",
      path: "/parts/{id}/commands/{command}",
      access: "household",
      scope: "parts:write",
      tag: "parts",
      summary: "Tell a part to do something",
      description: "Nothing opens this way: see the release of an access point.",
      params: z.strictObject({ id: nameField, command: nameField }),
      body: z.json().optional().describe("As the part's list of commands says"),
      refusals: { 404: "There is no such part, or it has no such command" },
      async handle({ params: { id, command: name }, body, actor }) {
        const command = commandOf(parts.get(id), name);
        if (!command) {
          throw new LatchkeyError("command-unknown", `There is no command "${name}" of a part "${id}"`, {
            status: 404,
          });
        }
        await command.run(parseOr(command.args, body ?? {}, "input-invalid"), actor);
      },
    }),
  ];
}

function commandOf(part: Part | undefined, name: string) {
  return part?.commands && Object.hasOwn(part.commands, name) ? part.commands[name] : undefined;
}

function commandsOf({ commands = {} }: Part): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(commands).map(([name, { args }]) => {
      const { $schema: _, ...schema } = z.toJSONSchema(args, { io: "input", unrepresentable: "any" });
      return [name, schema as Json];
    }),
  );
}
