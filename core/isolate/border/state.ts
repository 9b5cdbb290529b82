import { z } from "zod";
import { LatchkeyError } from "../../errors.ts";
import type { Json } from "../../json.ts";
import { oneAtATime } from "../../turns.ts";
import { Pace } from "../pace.ts";
import type { Border } from "./border.ts";

/** Each write is an fsync that everyone else's waits for. */
const WRITES_PER_SECOND = 10;
const WRITES_AT_ONCE = 50;
/** What one plugin may keep. */
const MOST_KEYS = 1_000;
const MOST_CHARS = 4 * 1_024 * 1_024;

const callSchema = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("get"), args: z.tuple([z.string().max(200)]) }),
  z.strictObject({ method: z.literal("set"), args: z.tuple([z.string().max(200), z.unknown()]) }),
  z.strictObject({ method: z.literal("delete"), args: z.tuple([z.string().max(200)]) }),
]);

/** The plugin's private state: reads as they come, writes one after the other and not too fast. */
export class BorderState {
  readonly #border: Border;
  readonly #pace: Pace;
  #sizes: Map<string, number> | undefined;
  readonly #inTurn = oneAtATime();

  constructor(border: Border) {
    this.#border = border;
    this.#pace = new Pace({
      clock: border.ctx.clock,
      perSecond: WRITES_PER_SECOND,
      burst: WRITES_AT_ONCE,
    });
    border.ctx.defer("paced writes", () => this.#pace.end());
  }

  /** @throws {LatchkeyError} `arguments-invalid`, `state-refused`, or as the disk */
  call(method: "get" | "set" | "delete", args: unknown[]): Promise<unknown> {
    const parsed = callSchema.safeParse({ method, args });
    if (!parsed.success) {
      throw new LatchkeyError("arguments-invalid", "A key has at most 200 characters; a value is JSON");
    }
    const { store } = this.#border.ctx;
    const call = parsed.data;
    if (call.method === "get") return store.get(call.args[0]);
    return this.#inTurn(async () => {
      await this.#pace.spend(1);
      const [key] = call.args;
      if (call.method === "delete") {
        await store.delete(key);
        this.#kept().delete(key);
        return;
      }
      const value = call.args[1] as Json;
      const size = JSON.stringify(value ?? null).length;
      this.#assertRoom(key, size);
      await store.set(key, value);
      this.#kept().set(key, size);
    });
  }

  #kept(): Map<string, number> {
    return this.#sizes ??= this.#border.neighbours.stateSizes(this.#border.id);
  }

  /** @throws {LatchkeyError} `state-refused` */
  #assertRoom(key: string, size: number): void {
    const kept = this.#kept();
    const others = [...kept].reduce((sum, [other, chars]) => other === key ? sum : sum + chars, 0);
    if (others + size <= MOST_CHARS && (kept.has(key) || kept.size < MOST_KEYS)) return;
    throw new LatchkeyError(
      "state-refused",
      `Plugin "${this.#border.id}" can't keep "${key.slice(0, 60)}": it may keep ${MOST_KEYS} keys and ` +
        `${MOST_CHARS} characters in all`,
    );
  }
}
