import { randomBytes } from "node:crypto";
import { systemClock } from "../core/clock.ts";
import type { Actor } from "../core/mod.ts";
import { randomId, systemRandom } from "../core/random.ts";
import { openStore } from "../core/store/database.ts";
import { InProcessPort } from "../drivers/sim/in_process.ts";
import { BoardModel } from "../drivers/sim/model.ts";

/** The least that could be called a release: what it must write, on disk, and then the output; nothing else. */
export interface Floor extends Disposable {
  board: BoardModel;
  open(): Promise<void>;
  checkpoint(): void;
}

export interface FloorOptions {
  /** The actor of each row. */
  actor: Actor;
  pulseMs: number;
  /** Whether the use of a card is counted in the same transaction, and not the row alone written. */
  card: boolean;
}

/** On a database of its own with the panel's tables and settings, and a board of its own. */
export function leastRelease(path: string, { actor, pulseMs, card }: FloorOptions): Floor {
  const store = openStore(path);
  const board = new BoardModel(systemClock);
  const port = new InProcessPort(board);
  const close = port.open({ event: () => {}, link: () => {} });
  const insert = store.prepare(
    `INSERT INTO access_log (seq, at, clock_trusted, kind, access_point, outcome, reason, actor, via,
       credential_id, request_id, detail, mac)
     VALUES (?, ?, 1, 'release', 'lock', 'released', 'granted', ?, ?, ?, ?, ?, ?)`,
  );
  const use = store.prepare("UPDATE credentials SET last_used_at = ? WHERE num = 1");
  const [begin, commit] = [store.prepare("BEGIN IMMEDIATE"), store.prepare("COMMIT")];
  if (card) addCard(store);
  const text = JSON.stringify(actor);
  const detail = card ? JSON.stringify({ holderName: "Anna", lastDigits: "E5F6" }) : "{}";
  const [via, credential] = card ? ["reader", "card-1"] : ["app", null];
  const mac = randomBytes(32);
  let seq = 0;
  const row = (id: string) => insert.run(++seq, Date.now(), text, via, credential, id, detail, mac);
  return {
    board,
    async open() {
      const id = randomId(systemRandom);
      if (card) {
        begin.run();
        use.run(Date.now());
        row(id);
        commit.run();
      } else {
        row(id);
      }
      await port.call("pulse", { output: "lock", ms: pulseMs, cause: id });
    },
    checkpoint: () => store.checkpoint(),
    [Symbol.dispose]() {
      close();
      store.close();
    },
  };
}

function addCard(store: ReturnType<typeof openStore>): void {
  store.transaction(() => {
    store.prepare("INSERT INTO holders (name, created_at) VALUES ('Anna', 0)").run();
    store.prepare(
      `INSERT INTO credentials (holder, uid_hash, last_digits, card_kind, validity, access_points, suspended, created_at)
       VALUES (1, ?, 'E5F6', 'iso14443a', '{"kind":"always"}', '["lock"]', 0, 0)`,
    ).run(randomBytes(16));
  });
}
