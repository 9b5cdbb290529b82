import { accessLogged, credentialsChanged, type CredentialService } from "../core/mod.ts";
import { randomId, systemRandom } from "../core/random.ts";
import { Broker } from "../tests/mqtt/broker.ts";
import { type BenchPanel, startPanel, temporaryDir } from "./panel.ts";
import { most, percentile, type Row, type Table } from "./table.ts";

const CARDS = 30;
const OWNER = { kind: "person", id: "owner", scopes: [] } as const;
const SITE = "http://127.0.0.1/api/v1/plugins/site-sync";

/** Three panels share cards: how long one is decided otherwise elsewhere. */
export async function site(repeats: number): Promise<Table[]> {
  using dir = temporaryDir();
  await using broker = await Broker.start();
  const start = (name: string) =>
    startPanel(`${dir.path}/${name}`, { name, plugins: { mqtt: { url: broker.url } } });
  await using street = await start("street");
  await using garage = await start("garage");
  await using yard = await start("yard");
  await found(street, [garage, yard]);
  const [first, second, third] = [new Door(street), new Door(garage), new Door(yard)];
  // What is added at a panel is deleted there, so that the next is a new card again.
  const ways = [
    { name: "added at the panel with the key", at: street, others: [second, third], added: true },
    { name: "deleted there", at: street, others: [second, third], added: false },
    { name: "added at another panel", at: garage, others: [first, third], added: true },
    { name: "deleted at another", at: garage, others: [first, third], added: false },
  ];
  const rows = [50, 99].map((percent) =>
    ways.map(({ name }): Row => ({ name: `${name}, p${percent}`, figures: [] }))
  );
  for (let run = -1; run < repeats; run++) {
    const samples: number[][] = ways.map(() => []);
    for (let card = 0; card < CARDS; card++) {
      for (const [index, { at, others, added }] of ways.entries()) {
        const uid = (0x14A10000 + card).toString(16).toUpperCase();
        samples[index]!.push(await untilAll(at, others, uid, added));
      }
    }
    if (run < 0) continue;
    for (const [index, all] of samples.entries()) {
      rows[0]![index]!.figures.push(percentile(all, 50));
      rows[1]![index]!.figures.push(percentile(all, 99));
    }
  }
  return [{
    title: "Three panels of a site",
    unit: "ms until both others decide so",
    rows: rows.flat(),
    checks: rows[1]!.map((row) => most(row.name, row, 1_000, "ms")),
  }];
}

async function found(keeper: BenchPanel, others: readonly BenchPanel[]): Promise<void> {
  const api = async (panel: BenchPanel, path: string, body: object) => {
    const response = await panel.device.send(panel.fetch, "POST", `${SITE}${path}`, body);
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  };
  await api(keeper, "/site", {});
  for (const panel of others) {
    const { code } = await api(keeper, "/invitations", {});
    const done = Promise.withResolvers<void>();
    panel.core.on(accessLogged, ({ outcome }) => {
      if (outcome === "joined") done.resolve();
    });
    await api(panel, "/join", { code });
    await done.promise;
  }
}

/** @returns ms from asking for the change at one until both others have decided by it */
async function untilAll(
  at: BenchPanel,
  others: readonly Door[],
  uid: string,
  added: boolean,
): Promise<number> {
  const start = performance.now();
  const done = Promise.all(others.map((door) => door.decides(uid, added)));
  if (added) await addCard(at.credentials, uid);
  else await at.credentials.remove((await identify(at, uid))!.id, { ...OWNER, scopes: [] });
  await done;
  const taken = performance.now() - start;
  for (const door of others) door.close();
  return taken;
}

/** A panel where cards are shown as soon as something about them has changed. */
class Door {
  readonly #panel: BenchPanel;
  #show: () => Promise<void> = () => Promise.resolve();

  constructor(panel: BenchPanel) {
    this.#panel = panel;
    panel.core.on(credentialsChanged, () => this.#show());
  }

  /** Resolved once the card has opened here, or is not known any more. */
  decides(uid: string, opens: boolean): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#show = async () => {
      const card = await identify(this.#panel, uid);
      if ((card !== undefined) !== opens) return;
      this.#show = () => Promise.resolve();
      const outcome = card ? await this.#release(card.id) : "unknown";
      if (outcome === (opens ? "released" : "unknown")) done.resolve();
      else done.reject(new Error(`A shared card was ${outcome}`));
    };
    return done.promise;
  }

  close(): void {
    this.#panel.board.allOff("next");
  }

  async #release(card: string): Promise<string> {
    const answer = await this.#panel.access.release({
      requestId: randomId(systemRandom),
      accessPoint: "lock",
      actor: { kind: "card", id: card, scopes: [] },
      via: "reader",
    });
    return answer.outcome;
  }
}

const identify = ({ credentials }: BenchPanel, uid: string) =>
  credentials.identify({ uid, cardKind: "iso14443a" });

async function addCard(credentials: CredentialService, uid: string): Promise<void> {
  await credentials.addCard({
    uid,
    cardKind: "iso14443a",
    holderName: "Anna",
    terms: { validity: { kind: "always" }, accessPoints: ["lock"], usesLeft: null, suspended: false },
  }, { ...OWNER, scopes: [] });
}
