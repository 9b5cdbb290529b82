import { type Cancel, type CardSlot, type Clock, LatchkeyError } from "../../core/mod.ts";
import { EdgeRing } from "./edge_ring.ts";
import { formatFrame } from "./frame.ts";
import type { BoardState, EdgePage, SimCard, SimFault, SlotChange } from "./keys.ts";
import { inputNames, outputSpecs, readerNames } from "./layout.ts";
import { Output } from "./output.ts";

/** What the board tells whoever listens. Inputs are raw, and a reader's frame is whatever it sent. */
export type BoardEvent =
  | { event: "output"; output: string; level: number }
  | { event: "input"; input: string; active: boolean }
  | { event: "reader"; reader: string; frame: string }
  | { event: "slot" };

const PRESS_MS = 200;
const BOUNCE_STEP_MS = 2;
const BOUNCES = 6;

/** As the panel is delivered: a new card of 32 GB is in it, and others lie beside it. */
const NEW_CARDS = ["card-1", "card-2", "card-3"] as const;
const NEW_CARD: CardSlot = {
  card: NEW_CARDS[0],
  bytes: 32_000_000_000,
  taken: 0,
  writeProtected: false,
  wornOut: false,
  slow: false,
};

interface Reader {
  card: SimCard | null;
}

interface Input {
  active: boolean;
  cancel: Cancel;
}

/** The simulated hardware: outputs that end their own pulses, raw contacts, readers, faults, and a record of every edge. */
export class BoardModel {
  readonly #clock: Clock;
  readonly #edges: EdgeRing;
  readonly #listeners = new Set<(event: BoardEvent) => void>();
  readonly #outputs: Map<string, Output>;
  readonly #inputs: Map<string, Input>;
  readonly #readers: Map<string, Reader>;
  readonly #faults = new Map<string, SimFault>();
  #slot: CardSlot = NEW_CARD;
  /** Each card as it was last. */
  readonly #cards = new Map<string, CardSlot>(NEW_CARDS.map((card) => [card, { ...NEW_CARD, card }]));

  constructor(clock: Clock, options: { edgesKept?: number } = {}) {
    this.#clock = clock;
    this.#edges = new EdgeRing(options.edgesKept ?? 200_000);
    this.#inputs = new Map(inputNames.map((name) => [name, { active: false, cancel: () => {} }]));
    this.#readers = new Map(readerNames.map((name) => [name, { card: null }]));
    this.#outputs = new Map(outputSpecs.map((spec) => [
      spec.name,
      new Output(spec, clock, (level, cause) => {
        this.#edge(spec.name, level, cause);
        this.#tell({ event: "output", output: spec.name, level });
      }),
    ]));
  }

  listen(listener: (event: BoardEvent) => void): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  pulse(output: string, ms: number, cause: string): boolean {
    return this.#output(output).pulse(ms, cause);
  }

  set(output: string, level: number, leaseMs: number | undefined, cause: string): void {
    this.#output(output).set(level, leaseMs, cause);
  }

  pattern(output: string, onOffMs: number[]): void {
    this.#output(output).pattern(onOffMs);
  }

  allOff(cause: string): void {
    for (const output of this.#outputs.values()) output.off(cause);
  }

  setInput(name: string, active: boolean): void {
    const input = lineOf(this.#inputs, name, "input");
    input.cancel();
    input.cancel = () => {};
    const bounces = this.#faults.has(faultKey({ kind: "input-bounces", input: name }));
    if (bounces && input.active !== active) this.#bounce(name, input, active, BOUNCES);
    else this.#contact(name, input, active);
  }

  press(name: string, ms: number = PRESS_MS): void {
    this.setInput(name, true);
    this.#clock.after(ms, () => this.setInput(name, false));
  }

  present(name: string, card: SimCard): void {
    const reader = lineOf(this.#readers, name, "reader");
    if (reader.card) this.remove(name);
    reader.card = card;
    this.#edge(name, 1, "hand");
    if (!this.#readerHas("reader-silent", name)) this.#send(name, "present", card);
  }

  remove(name: string): void {
    const reader = lineOf(this.#readers, name, "reader");
    const { card } = reader;
    if (!card) return;
    reader.card = null;
    this.#edge(name, 0, "hand");
    const noticed = !this.#readerHas("reader-silent", name) && !this.#readerHas("reader-stuck", name);
    if (noticed) this.#send(name, "removed", card);
  }

  sendFrames(name: string, frames: string[]): void {
    lineOf(this.#readers, name, "reader");
    for (const frame of frames) this.#tell({ event: "reader", reader: name, frame });
  }

  /** What is left out stays as it is; a card that comes in is as it was last, one that never was in is new. */
  setSlot(change: SlotChange): void {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const { card = null } = change;
    const before = card === null ? this.#slot : this.#cards.get(card) ?? NEW_CARD;
    this.#slot = { ...before, ...Object.fromEntries(given) };
    if (this.#slot.card !== null) this.#cards.set(this.#slot.card, this.#slot);
    this.#tell({ event: "slot" });
  }

  setFault(fault: SimFault, active: boolean): void {
    if (fault.kind === "output-refuses") this.#output(fault.output).refuses = active;
    else if (fault.kind === "input-bounces") lineOf(this.#inputs, fault.input, "input");
    else lineOf(this.#readers, fault.reader, "reader");
    if (active) this.#faults.set(faultKey(fault), fault);
    else this.#faults.delete(faultKey(fault));
  }

  clearFaults(): void {
    for (const fault of [...this.#faults.values()]) this.setFault(fault, false);
  }

  edges(since: number | undefined, limit: number): EdgePage {
    return { ...this.#edges.page(since, limit), now: this.#clock.monotonic() };
  }

  state(): BoardState {
    return {
      now: this.#clock.monotonic(),
      outputs: [...this.#outputs.values()].map(({ spec, level }) => ({ ...spec, level })),
      inputs: [...this.#inputs].map(([name, { active }]) => ({ name, active })),
      readers: [...this.#readers].map(([name, { card }]) => ({ name, card })),
      faults: [...this.#faults.values()],
      slot: this.#slot,
      cards: [...this.#cards.keys()],
      edges: this.#edges.total,
    };
  }

  #output(name: string): Output {
    return lineOf(this.#outputs, name, "output");
  }

  #contact(name: string, input: Input, active: boolean): void {
    if (input.active === active) return;
    input.active = active;
    this.#edge(name, active ? 1 : 0, "hand");
    this.#tell({ event: "input", input: name, active });
  }

  /** Ends on `active`: an even number of changes before the last. */
  #bounce(name: string, input: Input, active: boolean, left: number): void {
    this.#contact(name, input, left % 2 === 0 ? active : !active);
    if (left === 0) return;
    input.cancel = this.#clock.after(BOUNCE_STEP_MS, () => this.#bounce(name, input, active, left - 1));
  }

  #readerHas(kind: "reader-stuck" | "reader-silent", reader: string): boolean {
    return this.#faults.has(faultKey({ kind, reader }));
  }

  #send(name: string, change: "present" | "removed", card: SimCard): void {
    this.#tell({ event: "reader", reader: name, frame: formatFrame({ change, ...card }) });
  }

  #edge(line: string, level: number, cause: string): void {
    this.#edges.add({ at: this.#clock.monotonic(), line, level, cause });
  }

  #tell(event: BoardEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function faultKey(fault: SimFault): string {
  return Object.values(fault).join(" ");
}

function lineOf<T>(lines: Map<string, T>, name: string, kind: string): T {
  const line = lines.get(name);
  if (line) return line;
  throw new LatchkeyError(
    kind === "output" ? "unknown-output" : "unknown-line",
    `There is no ${kind} "${name}"; there is ${[...lines.keys()].join(", ")}`,
    { status: 404 },
  );
}
