/// <reference lib="dom" />
import type { CardState } from "../../../plugins/recorder/keys.ts";
import { followEvents } from "../../lib/api/events.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { State } from "../../lib/state.ts";
import type { BoardView, SimulatorApi } from "./api.ts";

export interface BoardData {
  /** The hardware as it was told last; nothing before the first answer. */
  view: BoardView | undefined;
  /** The board's clock less this page's, ms. */
  ahead: number;
  /** What the panel is called. */
  name: string;
  /** What it makes of the memory card; nothing where it has no recorder. */
  card: CardState | undefined;
  live: boolean;
  fault: string | undefined;
  /** The badge in the hand of whoever uses this page that is at the reader. */
  held: string | undefined;
}

/** A contact needs this long to count, and an eye to see it, ms. */
const SHORTEST_PRESS_MS = 120;
/** A reader and an eye need this long for a badge, ms. */
const SHORTEST_HOLD_MS = 350;

/** The simulated hardware as this page sees and moves it. */
export class Board extends State<BoardData> {
  readonly api: SimulatorApi;
  /** Told of each output's change as it happens. */
  readonly outputs = new Set<(output: string, level: number) => void>();
  /** Told of every event of the panel. */
  readonly events = new Set<(name: string, value: unknown) => void>();
  /** What was done to a line comes to it in that order. */
  readonly #queues = new Map<string, Promise<void>>();
  readonly #since = new Map<string, number>();
  /** Counts what was done with badges: a removal that waits gives way to what came after it. */
  #handling = 0;
  #leaving = false;
  /** What this page has put on the reader, as the panel has confirmed it. */
  #lying: string | undefined;
  #asking = false;
  #askAgain = false;

  constructor(api: SimulatorApi) {
    super({
      ...{ view: undefined, ahead: 0, name: "", card: undefined },
      ...{ live: false, fault: undefined, held: undefined },
    });
    this.api = api;
  }

  /** @returns stops following */
  follow(): () => void {
    const letAllGo = () => {
      if (this.value.held !== undefined) void this.api.remove();
      for (const input of this.#since.keys()) void this.api.setInput(input, false);
    };
    addEventListener("pagehide", letAllGo);
    const stop = followEvents({
      client: this.api.client,
      event: (name, value) => this.#heard(name, value),
      fresh: () => void this.#start(),
      connected: (live) => this.set({ live }),
    });
    return () => {
      removeEventListener("pagehide", letAllGo);
      stop();
    };
  }

  level(output: string): number {
    return this.value.view?.outputs.find(({ name }) => name === output)?.level ?? 0;
  }

  active(input: string): boolean {
    return this.value.view?.inputs.find(({ name }) => name === input)?.active ?? false;
  }

  /** A finger on a button. */
  press(input: string): void {
    if (this.#since.has(input)) return;
    this.#since.set(input, performance.now());
    this.setInput(input, true);
  }

  release(input: string): void {
    const since = this.#since.get(input);
    if (since === undefined) return;
    this.#since.delete(input);
    this.#then(input, async () => {
      await pause(SHORTEST_PRESS_MS - (performance.now() - since));
      await this.api.setInput(input, false);
    });
  }

  /** A short press in one go, by what can't hold anything down. */
  tap(input: string): void {
    this.#then(input, () => this.api.press(input));
  }

  setInput(input: string, active: boolean): void {
    this.#then(input, () => this.api.setInput(input, active));
  }

  /** Puts a badge on the reader. */
  hold(badge: string): void {
    if (this.value.held === badge && !this.#leaving) return;
    this.#handling++;
    this.#leaving = false;
    this.set({ held: badge });
    this.#then("reader", async () => {
      if (this.#lying === badge) return;
      try {
        await this.api.present(badge);
        this.#lying = badge;
      } catch (error) {
        this.set({ held: undefined });
        throw error;
      }
    });
  }

  /** Takes away the badge that this page holds there. */
  remove(): void {
    if (this.value.held === undefined || this.#leaving) return;
    const handling = ++this.#handling;
    this.#leaving = true;
    this.#then("reader", async () => {
      try {
        await pause(SHORTEST_HOLD_MS);
        if (handling !== this.#handling) return;
        await this.api.remove();
        this.#lying = undefined;
        await this.refresh();
        if (handling === this.#handling) this.set({ held: undefined });
      } finally {
        if (handling === this.#handling) this.#leaving = false;
      }
    });
  }

  /** Takes away whatever lies there. */
  clearReader(): void {
    this.#then("reader", () => this.api.remove());
  }

  setFault(...[fault, active]: Parameters<SimulatorApi["setFault"]>): void {
    this.#then("faults", () => this.api.setFault(fault, active));
  }

  setSlot(change: Parameters<SimulatorApi["setSlot"]>[0]): void {
    this.#then("slot", () => this.api.setSlot(change));
  }

  /** Takes the state and the record anew: one question at a time, the last one after the last change. */
  async refresh(): Promise<void> {
    this.#askAgain = true;
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#askAgain) {
        this.#askAgain = false;
        const view = await this.api.board();
        this.set({ view, ahead: view.now - performance.now(), fault: undefined });
      }
    } catch (error) {
      this.set({ fault: messageOf(error) });
    } finally {
      this.#asking = false;
    }
  }

  async #start(): Promise<void> {
    await this.refresh();
    const name = await this.api.name().catch(() => undefined);
    if (name !== undefined) this.set({ name });
    this.set({ card: await this.api.card().catch(() => undefined) });
  }

  #then(line: string, work: () => Promise<unknown>): void {
    const before = this.#queues.get(line) ?? Promise.resolve();
    const next = before.then(work).then(
      () => this.refresh(),
      (error: unknown) => this.set({ fault: messageOf(error) }),
    );
    this.#queues.set(line, next);
  }

  #heard(name: string, value: unknown): void {
    for (const listener of this.events) listener(name, value);
    if (name === "output.changed") {
      const { output, level } = value as { output: string; level: number };
      for (const listener of this.outputs) listener(output, level);
      this.#change(({ outputs }) => ({
        outputs: outputs.map((each) => each.name === output ? { ...each, level } : each),
      }));
    } else if (name === "input.changed") {
      const { input, active } = value as { input: string; active: boolean };
      this.#change(({ inputs }) => ({
        inputs: inputs.map((each) => each.name === input ? { ...each, active } : each),
      }));
    } else if (name === "part.changed") {
      const { id, state } = value as { id: string; state: { card?: CardState } };
      if (id !== "recorder") return;
      this.set({ card: state.card });
      void this.refresh();
    } else if (name === "board.link-changed") void this.refresh();
  }

  #change(change: (view: BoardView) => Partial<BoardView>): void {
    this.set(({ view }) => view ? { view: { ...view, ...change(view) } } : {});
    void this.refresh();
  }
}

function pause(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
