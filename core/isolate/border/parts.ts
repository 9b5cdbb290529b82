import { z } from "zod";
import type { Actor } from "../../access/model.ts";
import { LatchkeyError } from "../../errors.ts";
import { parseOr } from "../../faults.ts";
import { type Part, type PartCommand, partsPoint } from "../../parts.ts";
import { isOwnName } from "../names.ts";
import { type Offer, type PartSeen, VALUE_CHARS } from "../protocol.ts";
import { ASK_MS, beyond, type Border } from "./border.ts";
import { opaque } from "./opaque.ts";

type PartOffer = Extract<Offer, { kind: "part" }>;

const stateSchema = z.record(z.string().max(64), z.json());
const MOST_PARTS = 64;

/** Parts across the border: its own are shown to all, those of others to it where that was granted. */
export class BorderParts {
  readonly #border: Border;
  readonly #own = new Set<string>();
  readonly #seen = new Map<number, Part>();
  #last = 0;
  #watches = false;

  constructor(border: Border) {
    this.#border = border;
  }

  isOwn(id: string): boolean {
    return this.#own.has(id);
  }

  /** @returns what takes it back @throws {LatchkeyError} `plugin-not-granted` */
  offer(handle: number, { id, part: kind, name, values, events, commands }: PartOffer): () => void {
    const border = this.#border;
    if (!isOwnName(border.id, id)) {
      throw beyond(
        border,
        `can't have a part "${id}": its own are "${border.id}" or begin with "${border.id}."`,
      );
    }
    if (this.#own.has(id) || this.#own.size >= MOST_PARTS) {
      throw beyond(border, `has the part "${id}" already, or more than ${MOST_PARTS}`);
    }
    this.#own.add(id);
    const run = (command: string): PartCommand => ({
      args: opaque(border, commands[command]!),
      async run(args, actor) {
        await border.ask(handle, `command:${command}`, [args, unscoped(actor)], ASK_MS);
      },
    });
    const takeBack = border.ctx.contribute(partsPoint, {
      id,
      kind,
      name,
      ...(values ? { values } : {}),
      ...(events ? { events } : {}),
      state: async () => small(stateSchema.parse(await border.ask(handle, "state", [], ASK_MS))),
      commands: Object.fromEntries(Object.keys(commands).map((command) => [command, run(command)])),
    });
    return () => {
      this.#own.delete(id);
      takeBack();
    };
  }

  /** Tells it of all parts, now and from now on. @throws {LatchkeyError} `plugin-not-granted` */
  watch(): void {
    const border = this.#border;
    if (this.#watches) return;
    this.#watches = true;
    if (border.plugin.granted.parts === "none") {
      throw beyond(border, "was not granted to see the home's parts");
    }
    border.ctx.watch(partsPoint, {
      added: (part, owner) => {
        const handle = ++this.#last;
        this.#seen.set(handle, part);
        border.send({ t: "part-added", handle, owner, part: seen(part) });
      },
      removed: (part) => {
        const handle = [...this.#seen].find(([, known]) => known === part)?.[0];
        if (handle === undefined) return;
        this.#seen.delete(handle);
        border.send({ t: "part-removed", handle });
      },
    });
  }

  /** The state of a part that it was told of, or a command to it. */
  async call(handle: number, name: string | null, args: unknown[]): Promise<unknown> {
    const part = this.#seen.get(handle);
    if (!part) throw new LatchkeyError("part-unknown", "This part is no longer there", { status: 404 });
    if (name === null) return await part.state();
    if (this.#border.plugin.granted.parts !== "control") {
      throw beyond(this.#border, "was not granted to tell parts what to do");
    }
    const command = part.commands && Object.hasOwn(part.commands, name) ? part.commands[name] : undefined;
    if (!command) {
      throw new LatchkeyError("command-unknown", `There is no command "${name}" of the part "${part.id}"`, {
        status: 404,
      });
    }
    await command.run(parseOr(command.args, args[0] ?? {}, "arguments-invalid"), this.#border.actor);
  }
}

function seen({ id, kind, name, values, events, commands = {} }: Part): PartSeen {
  const shown = Object.entries(commands).map(([command, { args }]) => [
    command,
    z.toJSONSchema(args, { io: "input", unrepresentable: "any" }),
  ]);
  return {
    id,
    kind,
    name,
    ...(values ? { values } : {}),
    ...(events ? { events } : {}),
    commands: Object.fromEntries(shown),
  };
}

/** Who does it; what else they may do is no plugin's business. */
function unscoped({ kind, id, name }: Actor): Actor {
  return { kind, id, ...(name === undefined ? {} : { name }), scopes: [] };
}

/** @throws {LatchkeyError} `plugin-answer` (502) */
function small<T>(value: T): T {
  if (JSON.stringify(value).length <= VALUE_CHARS) return value;
  throw new LatchkeyError("plugin-answer", `It answers more than ${VALUE_CHARS} characters`, { status: 502 });
}
