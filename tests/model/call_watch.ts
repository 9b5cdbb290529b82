import assert from "node:assert/strict";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Call } from "../../core/calls/keys.ts";
import type { Panel } from "../harness/panel.ts";

const RING_MS = 30_000;
const TALK_MS = 600_000;
/** Debouncing and the hand, ms. */
export const SLACK_MS = 300;

/** One call at a time, for as long as it may last, and none forgotten. */
export class CallWatch {
  /** The call under way as the household knows it, and when it began or was answered: monotonic ms. */
  current: { id: string; state: "ringing" | "answered"; since: number } | undefined;
  /** Set where the bell was pressed in this step: from then on, monotonic ms. */
  pressedAt: number | undefined;
  readonly #panel: Panel;
  readonly #open: StatementSync;
  readonly #known = new Set<string>();

  constructor(panel: Panel, db: DatabaseSync) {
    this.#panel = panel;
    this.#open = db.prepare("SELECT id FROM calls WHERE state <> 'ended'");
  }

  /** How long the call under way is over its time, ms; below 0 is how long it still may last. */
  over({ state, since }: { state: "ringing" | "answered"; since: number }): number {
    return this.#panel.clock.monotonic() - since - (state === "ringing" ? RING_MS : TALK_MS);
  }

  /** After a step. */
  async look(): Promise<void> {
    const call = await this.#get();
    const now = this.#panel.clock.monotonic();
    const { current } = this;
    if (current) {
      const over = this.over(current);
      if (call?.id === current.id) assert.ok(over <= SLACK_MS, `a call that is ${current.state} never ends`);
      else assert.ok(over >= -SLACK_MS, `a call that is ${current.state} ended before its time`);
    }
    if (call && call.id !== current?.id) {
      assert.notEqual(this.pressedAt, undefined, "it rings, and nobody pressed");
      assert.equal(call.state, "ringing");
      assert.ok(!this.#known.has(call.id), "a call that was over is back");
      this.#known.add(call.id);
    }
    if (!call) this.current = undefined;
    else if (call.id !== current?.id) {
      this.current = { id: call.id, state: "ringing", since: this.pressedAt ?? now };
    }
    this.pressedAt = undefined;
    this.#checkOne(call);
  }

  /** After a start: the call under way was closed, none is missing. */
  async lookAgain(): Promise<void> {
    this.current = this.pressedAt = undefined;
    assert.equal(await this.#get(), undefined, "a call outlives the panel");
    const { body } = await this.#panel.get("/calls?limit=500");
    const ids = new Set(body.map((call: Call) => call.id));
    assert.deepEqual([...this.#known].filter((id) => !ids.has(id)), [], "a call is missing");
    for (const call of body as Call[]) {
      assert.equal(call.state, "ended");
      this.#known.add(call.id);
    }
  }

  async #get(): Promise<Call | undefined> {
    const { status, body } = await this.#panel.get("/calls/current");
    return status === 200 ? body : undefined;
  }

  #checkOne(call: Call | undefined): void {
    assert.deepEqual(this.#open.all().map(({ id }) => id), call ? [call.id] : [], "one call at a time");
  }
}
