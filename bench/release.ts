import type { Actor } from "../core/mod.ts";
import { randomId, systemRandom } from "../core/random.ts";
import { QUIET_MS } from "../core/store/tidy.ts";
import type { BoardModel } from "../drivers/sim/model.ts";
import { leastRelease } from "./floor.ts";
import { type BenchPanel, startPanel, temporaryDir } from "./panel.ts";
import { type Check, most, percentile, ratio, type Row, type Table } from "./table.ts";

const RELEASES = 600;
const WARM_UPS = 2;
const PULSE_MS = 700;

/** Opens once, and is done when that is answered. */
interface Way {
  name: string;
  board: BoardModel;
  open(): Promise<void>;
}

/** What one release took, ms. */
interface Sample {
  /** Until the output was on, as the board recorded it. */
  moved: number;
  answered: number;
}

/** The way of a release through the panel against the least that could be called one. */
export async function release(repeats: number): Promise<Table[]> {
  using dir = temporaryDir();
  await using panel = await startPanel(`${dir.path}/panel`);
  const { owner } = panel;
  const card = await addCard(panel);
  using rowFloor = leastRelease(`${dir.path}/row.db`, { actor: owner, pulseMs: PULSE_MS, card: false });
  using cardFloor = leastRelease(`${dir.path}/card.db`, { actor: card, pulseMs: PULSE_MS, card: true });
  const ways: Way[] = [
    { name: "floor: row, output", ...rowFloor },
    { name: "a person's release", board: panel.board, open: () => released(panel, owner, "app") },
    { name: "floor: row, card's use, output", ...cardFloor },
    { name: "a card's release", board: panel.board, open: () => released(panel, card, "reader") },
  ];
  const table = (): Row[] => ways.map(({ name }) => ({ name, figures: [] }));
  const [moved, answered, slowest] = [table(), table(), table()];
  // The first runs warm up; in the pauses all checkpoint, the panel because it is quiet.
  for (let run = -WARM_UPS; run < repeats; run++) {
    const samples = await samplesOf(ways);
    rowFloor.checkpoint();
    cardFloor.checkpoint();
    await new Promise((done) => setTimeout(done, QUIET_MS + 500));
    if (run < 0) continue;
    for (const [index, own] of samples.entries()) {
      moved[index]!.figures.push(percentile(own.map((sample) => sample.moved), 50) * 1_000);
      answered[index]!.figures.push(percentile(own.map((sample) => sample.answered), 50) * 1_000);
      slowest[index]!.figures.push(percentile(own.map((sample) => sample.moved), 99));
    }
  }
  const limits = slowest.filter((_, index) => index % 2 === 1).map((row) => most(row.name, row, 50, "ms"));
  return [
    { title: "Release, p50", unit: "µs until the output is on", rows: moved, checks: pairs(moved) },
    { title: "Release, p50", unit: "µs until it is answered", rows: answered, checks: pairs(answered) },
    { title: "I-7: release, p99", unit: "ms until the output is on", rows: slowest, checks: limits },
  ];
}

function pairs([rowFloor, person, cardFloor, card]: Row[]): Check[] {
  return [
    ratio(`${person!.name}, to floor`, person!, rowFloor!, 1.3),
    ratio(`${card!.name}, to floor`, card!, cardFloor!, 1.3),
  ];
}

/** Each way in turn, so that whatever slows the machine down slows all of them. */
async function samplesOf(ways: Way[]): Promise<Sample[][]> {
  const samples: Sample[][] = ways.map(() => []);
  for (let time = 0; time < RELEASES; time++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const index = (time + turn) % ways.length;
      samples[index]!.push(await sample(ways[index]!));
    }
  }
  return samples;
}

async function sample({ board, open }: Way): Promise<Sample> {
  const start = performance.now();
  await open();
  const answered = performance.now();
  const { edges: [edge] } = board.edges(undefined, 1);
  if (edge?.line !== "lock" || edge.level !== 1 || edge.at < start) {
    throw new Error("The output has not moved");
  }
  board.allOff("next");
  // What follows a release, such as telling the pages, is not part of the next one.
  await new Promise((done) => setTimeout(done));
  return { moved: edge.at - start, answered: answered - start };
}

async function addCard({ credentials, owner }: BenchPanel): Promise<Actor> {
  const { id, holderName } = await credentials.addCard({
    uid: "04A1B2C3D4E5F6",
    cardKind: "iso14443a",
    holderName: "Anna",
    terms: { validity: { kind: "always" }, accessPoints: ["lock"], usesLeft: null, suspended: false },
  }, owner);
  return { kind: "card", id, name: holderName, scopes: [] };
}

async function released({ access }: BenchPanel, actor: Actor, via: "app" | "reader"): Promise<void> {
  const requestId = randomId(systemRandom);
  const { outcome, reason } = await access.release({ requestId, accessPoint: "lock", actor, via });
  if (outcome !== "released") throw new Error(`A release was ${outcome}: ${reason}`);
}
