import { EventEmitter } from "node:events";
import mittModule from "mitt";
import { createNanoEvents } from "nanoevents";
import { z } from "zod";
import { Bus } from "../core/plugin/bus.ts";
import { defineEvent } from "../core/plugin/keys.ts";
import { ratio, type Row, type Table } from "./table.ts";

// Its type declarations say CommonJS while its code is a module: the default export is the function.
const mitt = mittModule as unknown as typeof mittModule.default;

const LISTENERS = 10;
const EMITS = 300_000;

interface Sample {
  id: string;
  level: number;
}

/** One event to ten listeners, ns an emit, against three peers taken in turn. */
export function events(repeats: number): Table[] {
  const heard = { count: 0 };
  const listen = (sample: Sample) => void (heard.count += sample.level);
  const sample = { id: "lock", level: 1 };
  const contenders: [string, () => void][] = [
    ["latchkey bus", ours(listen, sample)],
    ["nanoevents", nano(listen, sample)],
    ["mitt", mitted(listen, sample)],
    ["node:events", node(listen, sample)],
  ];
  const rows: Row[] = contenders.map(([name]) => ({ name, figures: [] }));
  for (const [, emit] of contenders) time(emit);
  for (let repeat = 0; repeat < repeats; repeat++) {
    contenders.forEach(([, emit], index) => rows[index]!.figures.push(time(emit)));
  }
  const expected = LISTENERS * EMITS * contenders.length * (repeats + 1);
  if (heard.count !== expected) throw new Error(`Heard ${heard.count} of ${expected}`);
  const [bus, ...peers] = rows as [Row, ...Row[]];
  const fastest = peers.reduce((
    best,
    peer,
  ) => (Math.min(...peer.figures) < Math.min(...best.figures) ? peer : best));
  return [{
    title: "Event to 10 listeners",
    unit: "ns an emit",
    rows,
    checks: [ratio(`against the fastest (${fastest.name})`, bus, fastest, 2)],
  }];
}

function time(emit: () => void): number {
  const start = performance.now();
  for (let index = 0; index < EMITS; index++) emit();
  return ((performance.now() - start) * 1e6) / EMITS;
}

function ours(listen: (sample: Sample) => void, sample: Sample): () => void {
  const changed = defineEvent("bench.changed", z.strictObject({ id: z.string(), level: z.number() }));
  const bus = new Bus((_owner, _event, error) => {
    throw error;
  });
  for (let index = 0; index < LISTENERS; index++) {
    bus.on(changed, `listener-${index}`, (value) => listen(value));
  }
  return () => bus.emit(changed, sample);
}

function nano(listen: (sample: Sample) => void, sample: Sample): () => void {
  const emitter = createNanoEvents<{ changed: (sample: Sample) => void }>();
  for (let index = 0; index < LISTENERS; index++) emitter.on("changed", (value) => listen(value));
  return () => emitter.emit("changed", sample);
}

function mitted(listen: (sample: Sample) => void, sample: Sample): () => void {
  const emitter = mitt<{ changed: Sample }>();
  for (let index = 0; index < LISTENERS; index++) emitter.on("changed", (value) => listen(value));
  return () => emitter.emit("changed", sample);
}

function node(listen: (sample: Sample) => void, sample: Sample): () => void {
  const emitter = new EventEmitter().setMaxListeners(LISTENERS + 1);
  for (let index = 0; index < LISTENERS; index++) emitter.on("changed", (value: Sample) => listen(value));
  return () => emitter.emit("changed", sample);
}
