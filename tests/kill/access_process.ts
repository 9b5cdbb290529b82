/**
 * Stands in for the runtime in kill tests: `access_process.ts DIR RUN PULSE_MS stream|hang|block` is the real access
 * core over the board's socket. `stream` releases lock and gate without end, the gate by a card whose uses are
 * counted; the others release the lock once, then wait or block for 3 s. Each answer is a line: request id, outcome.
 * It ends with its standard input, so that nothing is left of a test that was cut off.
 */
import process from "node:process";
import { createClockTrust } from "../../core/access/clock_trust.ts";
import { contributeReleasable } from "../../core/access/releasable.ts";
import { setupAccess } from "../../core/access/setup.ts";
import { systemClock } from "../../core/clock.ts";
import { createLog, readableLine } from "../../core/log.ts";
import {
  accessService,
  type Actor,
  boardService,
  credentialService,
  definePlugin,
  outputChanged,
} from "../../core/mod.ts";
import { Host } from "../../core/plugin/host.ts";
import { systemRandom } from "../../core/random.ts";
import { openStore } from "../../core/store/database.ts";
import { loadKeys } from "../../core/store/keys_file.ts";
import { databasePath } from "../../core/store/paths.ts";
import { memoryStore } from "../../core/testing/memory_store.ts";
import { SocketPort } from "../../drivers/sim/link.ts";
import { simBoard } from "../../drivers/sim/mod.ts";

process.stdin.resume().once("end", () => process.exit(1));
const [dir = "", run = "", pulseMs = "", mode] = process.argv.slice(2);
const USES = 1_000_000;

const log = createLog({
  level: "error",
  now: systemClock.now,
  sink: (line) => console.error(readableLine(line)),
});
const keys = loadKeys(dir, systemRandom);
const store = openStore(databasePath(dir));
const host = new Host({ clock: systemClock, log, storeFor: memoryStore(), serve: () => () => {} });
const trust = createClockTrust({ clock: systemClock, store });
const { members } = setupAccess(host.core, { store, keys, trust, dataDir: dir, random: systemRandom });
if (members.owners() === 0) {
  members.add({ name: "Owner", role: "owner", until: null, terms: null, scopes: [] }, systemClock.now());
}
host.add(simBoard(new SocketPort(`${dir}/sim.sock`, systemClock)), {});
host.add(
  definePlugin({
    id: "outputs",
    api: 1,
    uses: [boardService],
    async setup(ctx) {
      const board = ctx.use(boardService);
      for (const id of ["lock", "gate"] as const) {
        await contributeReleasable({ ctx, board, id, kind: id, name: id, pulseMs: Number(pulseMs) });
      }
    },
  }),
  {},
);
await host.start();

const access = host.core.use(accessService);
const owner: Actor = { kind: "person", id: "member-1", scopes: [] };

async function release(accessPoint: string, actor: Actor, n: number): Promise<string> {
  const requestId = `${run}:${accessPoint}:${n}`;
  const { outcome } = await access.release({ requestId, accessPoint, actor, via: "app" });
  console.log(`${requestId} ${outcome}`);
  return outcome;
}

async function stream(accessPoint: string, actor: Actor): Promise<void> {
  let ended = () => {};
  host.core.on(outputChanged, ({ output, level }) => {
    if (output === accessPoint && level === 0) ended();
  });
  for (let n = 1;; n++) {
    const end = new Promise<void>((done) => ended = done);
    const outcome = await release(accessPoint, actor, n);
    // The end may have come before the answer; and a refusal must not keep the loop from hearing of the board.
    const cancel = systemClock.after(outcome === "released" ? 10 * Number(pulseMs) : 1, ended);
    await end;
    cancel();
  }
}

async function card(): Promise<Actor> {
  const credentials = host.core.use(credentialService);
  const [known] = await credentials.list();
  const { id } = known ?? await credentials.addCard({
    uid: "04A1B2C3",
    cardKind: "iso14443a",
    holderName: "Anna",
    terms: { validity: { kind: "always" }, accessPoints: ["gate"], usesLeft: USES, suspended: false },
  }, owner);
  return { kind: "card", id, scopes: [] };
}

if (mode === "stream") {
  await Promise.all([stream("lock", owner), stream("gate", await card())]);
} else {
  await release("lock", owner, 1);
  if (mode === "block") { for (const end = performance.now() + 3_000; performance.now() < end;); }
}
