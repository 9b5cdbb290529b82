import { randomBytes } from "node:crypto";
import { systemClock } from "../core/clock.ts";
import type { Actor } from "../core/mod.ts";
import { randomId, systemRandom } from "../core/random.ts";
import { openStore } from "../core/store/database.ts";
import { InProcessPort } from "../drivers/sim/in_process.ts";
import { BoardModel } from "../drivers/sim/model.ts";
import { type BenchPanel, startPanel, temporaryDir } from "./panel.ts";
import { type Check, most, percentile, ratio, type Row, type Table } from "./table.ts";

const RELEASES = 700;
const WARM_UP = 100;
const PULSE_MS = 700;

/** Opens once, and is done when that is answered. */
interface Way {
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
  using floorDir = temporaryDir();
  using panelDir = temporaryDir();
  const floor = leastWay(`${floorDir.path}/access.db`);
  await using panel = await startPanel(panelDir.path);
  const ways = [floor, personsWay(panel), await cardsWay(panel)];
  const table = (): Row[] =>
    ["insert and output, nothing else", "a person's release", "a card's release"]
      .map((name) => ({ name, figures: [] }));
  const [moved, answered, slowest] = [table(), table(), table()];
  await runs(ways, WARM_UP);
  for (let repeat = 0; repeat < repeats; repeat++) {
    (await runs(ways, RELEASES)).forEach((samples, index) => {
      moved[index]!.figures.push(percentile(samples.map((sample) => sample.moved), 50) * 1_000);
      answered[index]!.figures.push(percentile(samples.map((sample) => sample.answered), 50) * 1_000);
      slowest[index]!.figures.push(percentile(samples.map((sample) => sample.moved), 99));
    });
  }
  floor.close();
  return [
    {
      title: "Release path, p50",
      unit: "µs until the output is on",
      rows: moved,
      checks: against(moved, 1.3),
    },
    {
      title: "Release path with its answer, p50",
      unit: "µs until answered",
      rows: answered,
      checks: against(answered, 1.3),
    },
    {
      title: "I-7: release path, p99",
      unit: "ms until the output is on",
      rows: slowest,
      checks: slowest.slice(1).map((row) => most(row.name, row, 50, "ms")),
    },
  ];
}

function against([floor, ...rest]: Row[], limit: number): Check[] {
  return rest.map((row) => ratio(`${row.name} against the first`, row, floor!, limit));
}

/** Each way in turn, so that whatever slows the machine down slows all of them. */
async function runs(ways: Way[], times: number): Promise<Sample[][]> {
  const samples: Sample[][] = ways.map(() => []);
  for (let time = 0; time < times; time++) {
    for (const [index, way] of ways.entries()) samples[index]!.push(await sample(way));
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

/** One row as the panel's, by one prepared statement with `synchronous=FULL`, and the same output. */
function leastWay(path: string): Way & { close(): void } {
  const store = openStore(path);
  const board = new BoardModel(systemClock);
  const port = new InProcessPort(board);
  const close = port.open({ event: () => {}, link: () => {} });
  const insert = store.prepare(
    `INSERT INTO access_log (seq, at, clock_trusted, kind, access_point, outcome, reason, actor, via,
       credential_id, request_id, detail, mac) VALUES (?, ?, 1, 'release', 'lock', 'released', 'granted', ?, 'app',
       NULL, ?, '{}', ?)`,
  );
  const actor = JSON.stringify(OWNER);
  const mac = randomBytes(32);
  let seq = 0;
  return {
    board,
    async open() {
      insert.run(++seq, Date.now(), actor, randomId(systemRandom), mac);
      await port.call("pulse", { output: "lock", ms: PULSE_MS, cause: "floor" });
    },
    close() {
      close();
      store.close();
    },
  };
}

const OWNER: Actor = { kind: "person", id: "owner-0a1b2c3d", name: "Owner", scopes: [] };

function personsWay({ board, access }: BenchPanel): Way {
  return { board, open: () => released(access, OWNER, "app") };
}

async function cardsWay({ board, access, credentials }: BenchPanel): Promise<Way> {
  const card = await credentials.addCard({
    uid: "04A1B2C3D4E5F6",
    cardKind: "iso14443a",
    holderName: "Anna",
    terms: { validity: { kind: "always" }, accessPoints: ["lock"], usesLeft: null, suspended: false },
  }, OWNER);
  return {
    board,
    open: () => released(access, { kind: "card", id: card.id, name: "Anna", scopes: [] }, "reader"),
  };
}

async function released(access: BenchPanel["access"], actor: Actor, via: "app" | "reader"): Promise<void> {
  const { outcome, reason } = await access.release({
    requestId: randomId(systemRandom),
    accessPoint: "lock",
    actor,
    via,
  });
  if (outcome !== "released") throw new Error(`A release was ${outcome}: ${reason}`);
}
