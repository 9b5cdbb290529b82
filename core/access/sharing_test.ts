import assert from "node:assert/strict";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { credentialsChanged } from "./keys.ts";
import { type CardSharingService, cardSharingService, type SharedCard } from "./sharing_keys.ts";

const UID = "04A1B2C3";

interface Side {
  panel: AccessPanel;
  sharing: CardSharingService;
}

const onTwo = (run: (one: Side, other: Side) => Promise<void>) =>
  inTempDir((first) =>
    inTempDir(async (second) => {
      const sides = [first, second].map((dir) => {
        const panel = new AccessPanel(dir);
        return { panel, sharing: panel.host.core.use(cardSharingService) };
      });
      await run(sides[0]!, sides[1]!);
      for (const { panel } of sides) await panel.stop();
    })()
  );

async function joined({ panel, sharing }: Side, other: Side): Promise<SharedCard> {
  const { id } = await panel.addCard();
  await other.sharing.adoptKey(await sharing.key());
  return (await sharing.describe(id))!;
}

Deno.test(
  "a card that another panel shared opens here by its number, which never came here",
  onTwo(async (one, other) => {
    const card = await joined(one, other);
    await other.sharing.put(card, undefined, OWNER, "shared");
    const known = await other.panel.credentials.identify({ uid: UID, cardKind: "unknown" });
    assert.deepEqual([known?.holderName, known?.lastDigits, known?.accessPoints], ["Anna", "B2C3", ["lock"]]);
    assert.equal((await other.panel.present(known!)).outcome, "released");
    assert.ok(!JSON.stringify(card).includes(UID));
    const row = (await other.panel.rows()).find(({ kind }) => kind === "card-added");
    assert.deepEqual([row?.actor.id, row?.detail["why"], row?.credentialId], [OWNER.id, "shared", known?.id]);
  }),
);

Deno.test(
  "what is changed and taken away there is here too, logged and told once; what is as it is, is not",
  onTwo(async (one, other) => {
    const card = await joined(one, other);
    const told: string[] = [];
    other.panel.host.core.on(credentialsChanged, ({ change }) => void told.push(change));
    await other.sharing.put(card, undefined, OWNER, "shared");
    await other.sharing.put(card, card, OWNER, "shared");
    await other.sharing.put({ ...card, suspended: true, holderName: "Bruno" }, card, OWNER, "shared");
    const id = (await other.sharing.find(card.mark))!;
    const { suspended, holderName } = await other.panel.credentials.get(id);
    assert.deepEqual([suspended, holderName], [true, "Bruno"]);
    await other.sharing.remove(card.mark, OWNER, "shared");
    await other.sharing.remove(card.mark, OWNER, "shared");
    assert.equal(await other.sharing.find(card.mark), undefined);
    assert.deepEqual(told, ["added", "changed", "removed"]);
    const kinds = (await other.panel.rows()).map(({ kind }) => kind).filter((kind) =>
      kind.startsWith("card-")
    );
    assert.deepEqual(kinds, ["card-added", "card-changed", "card-removed"]);
  }),
);

Deno.test(
  "a card that somebody here has changed or taken away meanwhile is left as it is",
  onTwo(async (one, other) => {
    const card = await joined(one, other);
    const bruno = { ...card, holderName: "Bruno" };
    const put = (over: SharedCard | undefined) => other.sharing.put(bruno, over, OWNER, "shared");
    assert.equal(await put(card), false, "it is not there any more");
    assert.equal(await other.sharing.find(card.mark), undefined);
    assert.equal(await other.sharing.put(card, undefined, OWNER, "shared"), true);
    const id = (await other.sharing.find(card.mark))!;
    assert.equal(await put(undefined), false, "it is there");
    await other.panel.credentials.change(id, { suspended: true }, OWNER);
    const rows = (await other.panel.rows()).length;
    assert.equal(await put(card), false, "it is another by now");
    assert.deepEqual(await other.sharing.describe(id), { ...card, suspended: true });
    assert.equal((await other.panel.rows()).length, rows);
    assert.equal(await put({ ...card, suspended: true }), true);
    assert.deepEqual(await other.sharing.describe(id), bruno);
  }),
);

Deno.test(
  "a card whose uses are counted is not shared, and one that is not there neither",
  onTwo(async (one) => {
    const { id } = await one.panel.addCard({ usesLeft: 3 });
    assert.equal(await one.sharing.describe(id), undefined);
    assert.equal(await one.sharing.describe("card-99"), undefined);
    assert.equal(await one.sharing.describe("x"), undefined);
  }),
);

Deno.test(
  "another key is refused where there are cards; it holds over a restart, and cards are added under it",
  inTempDir(async (dir) => {
    const key = "ab".repeat(32);
    const panel = new AccessPanel(dir);
    const sharing = panel.host.core.use(cardSharingService);
    const own = await sharing.key();
    const { id } = await panel.addCard();
    await assert.rejects(sharing.adoptKey(key), { code: "cards-not-empty", status: 409 });
    await sharing.adoptKey(own);
    await panel.credentials.remove(id, OWNER);
    await assert.rejects(sharing.adoptKey("ab"), { code: "key-invalid" });
    await sharing.adoptKey(key);
    const added = await panel.addCard();
    await panel.stop();
    const again = new AccessPanel(dir);
    assert.equal(await again.host.core.use(cardSharingService).key(), key);
    assert.equal((await again.credentials.identify({ uid: UID, cardKind: "unknown" }))?.id, added.id);
    await again.stop();
  }),
);

Deno.test(
  "what is no shared card is refused and changes nothing",
  onTwo(async (one, other) => {
    const card = await joined(one, other);
    for (const change of [{ mark: "xy" }, { usesLeft: 3 }, { accessPoints: [] }, { holderName: "" }]) {
      await assert.rejects(
        other.sharing.put({ ...card, ...change } as SharedCard, undefined, OWNER, "shared"),
      );
    }
    assert.deepEqual(await other.panel.credentials.list(), []);
  }),
);
