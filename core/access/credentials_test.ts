import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { credentialsChanged } from "./keys.ts";

const UID = "04A1B2C3";

const onPanel = (run: (panel: AccessPanel, dir: string) => Promise<void>) =>
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    await run(panel, dir);
    await panel.stop();
  });

const identify = (panel: AccessPanel, uid = UID) => panel.credentials.identify({ uid, cardKind: "unknown" });
const lastRow = async (panel: AccessPanel) => (await panel.rows()).at(-1)!;

Deno.test(
  "B-CARD-3: a new card is known by its number, shown by its last digits, logged and told",
  onPanel(async (panel) => {
    const changes: unknown[] = [];
    panel.host.core.on(credentialsChanged, (change) => void changes.push(change));
    const card = await panel.addCard({ accessPoints: ["lock", "gate"] });
    assert.deepEqual(await identify(panel), card);
    assert.deepEqual(await panel.credentials.get(card.id), card);
    assert.equal(await identify(panel, "04A1B2C4"), undefined);
    assert.equal(card.lastDigits, "B2C3");
    assert.equal(card.assurance, "number only: can be cloned");
    assert.deepEqual(changes, [{ id: card.id, change: "added" }]);
    const row = await lastRow(panel);
    assert.deepEqual([row.kind, row.credentialId, row.detail["holderName"]], ["card-added", card.id, "Anna"]);
    assert.deepEqual(await panel.credentials.holders(), [
      { id: card.holderId, name: "Anna", createdAt: panel.clock.now() },
    ]);
  }),
);

Deno.test(
  "B-CARD-3: a card that is known already is refused and the error says whose it is",
  onPanel(async (panel) => {
    const card = await panel.addCard();
    const rows = (await panel.rows()).length;
    await assert.rejects(panel.addCard({}, UID, "Bruno"), (error) => {
      assert.ok(error instanceof LatchkeyError);
      assert.deepEqual([error.code, error.status], ["card-known", 409]);
      assert.deepEqual(error.details, { holderName: "Anna", credentialId: card.id });
      assert.match(error.message, /Anna/);
      return true;
    });
    assert.equal((await panel.rows()).length, rows);
    assert.equal((await panel.credentials.holders()).length, 1);
  }),
);

Deno.test(
  "a wrong card is refused with its field, and its number is in no error",
  onPanel(async (panel) => {
    const fields = async (work: Promise<unknown>) => {
      const error = await work.then(() => undefined, (thrown: unknown) => thrown);
      assert.ok(error instanceof LatchkeyError);
      assert.ok(!JSON.stringify([error.message, error.faults, error.details]).includes(UID.toLowerCase()));
      return [error.code, ...error.faults.map((fault) => fault.field)];
    };
    const period = { kind: "period", from: "2026-06-02T00:00:00Z", until: "2026-06-01T00:00:00Z" } as const;
    assert.deepEqual(await fields(panel.addCard({}, UID.toLowerCase())), ["card-invalid", "uid"]);
    assert.deepEqual(await fields(panel.addCard({}, "04")), ["card-invalid", "uid"]);
    assert.deepEqual(await fields(panel.addCard({}, UID, "x".repeat(61))), ["card-invalid", "holderName"]);
    assert.deepEqual(await fields(panel.addCard({ usesLeft: -1 })), ["card-invalid", "terms.usesLeft"]);
    assert.deepEqual(await fields(panel.addCard({ validity: period })), [
      "card-invalid",
      "terms.validity.until",
    ]);
    assert.deepEqual(await fields(panel.addCard({ accessPoints: ["lock", "cellar"] })), [
      "unknown-access-point",
      "terms.accessPoints.1",
    ]);
    assert.deepEqual(await panel.credentials.list(), []);
    assert.deepEqual(await panel.rows(), []);
  }),
);

Deno.test(
  "a second card of a holder shares the name, and a rename reaches both",
  onPanel(async (panel) => {
    const first = await panel.addCard();
    const terms = {
      validity: { kind: "always" },
      accessPoints: ["gate"],
      usesLeft: null,
      suspended: false,
    } as const;
    const second = await panel.credentials.addCard({
      uid: "0011223344",
      cardKind: "em4100",
      holderName: "Anna",
      holderId: first.holderId,
      terms: { ...terms, accessPoints: ["gate"] },
    }, OWNER);
    await panel.credentials.change(first.id, { holderName: "Anna Rossi" }, OWNER);
    assert.equal((await panel.credentials.get(second.id)).holderName, "Anna Rossi");
    assert.equal((await lastRow(panel)).detail["formerName"], "Anna");
    await panel.credentials.remove(first.id, OWNER);
    assert.equal((await panel.credentials.holders()).length, 1);
    await panel.credentials.remove(second.id, OWNER);
    assert.deepEqual(await panel.credentials.holders(), []);
    await assert.rejects(
      panel.credentials.addCard({ ...second, uid: UID, terms: { ...terms, accessPoints: ["gate"] } }, OWNER),
      { code: "card-invalid" },
    );
    await assert.rejects(
      panel.credentials.addCard({
        uid: UID,
        cardKind: "em4100",
        holderName: "Anna",
        holderId: first.holderId,
        terms: { ...terms, accessPoints: ["gate"] },
      }, OWNER),
      { code: "holder-unknown" },
    );
  }),
);

Deno.test(
  "a change keeps what it does not name, is in force at once and is logged",
  onPanel(async (panel) => {
    const card = await panel.addCard({ usesLeft: 5 });
    const changed = await panel.credentials.change(card.id, { suspended: true }, OWNER);
    assert.deepEqual(changed, { ...card, suspended: true });
    assert.equal((await panel.present(card)).reason, "suspended");
    await panel.credentials.change(
      card.id,
      { suspended: false, usesLeft: null, accessPoints: ["gate"] },
      OWNER,
    );
    assert.equal((await panel.present(card)).reason, "no-right");
    assert.equal((await panel.credentials.get(card.id)).usesLeft, null);
    const rows = (await panel.rows()).filter((row) => row.kind === "card-changed");
    assert.deepEqual(rows[0]!.detail["terms"], { suspended: true });
    await assert.rejects(panel.credentials.change(card.id, { accessPoints: ["x"] }, OWNER), {
      code: "unknown-access-point",
    });
    await assert.rejects(panel.credentials.change(card.id, { usesLeft: 1.5 }, OWNER), {
      code: "card-invalid",
    });
    await assert.rejects(panel.credentials.change("card-77", {}, OWNER), { code: "card-unknown" });
  }),
);

Deno.test(
  "I-10: a deleted card is denied at once and after a kill, and its number may be added again",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const card = await panel.addCard();
    await panel.credentials.remove(card.id, OWNER);
    assert.equal((await panel.present(card)).reason, "unknown-credential");
    // The store is not closed: what the next panel finds is what was on disk.
    const next = new AccessPanel(dir, panel.clock);
    assert.equal((await next.present(card)).reason, "unknown-credential");
    assert.equal(await identify(next), undefined);
    const again = await next.addCard();
    assert.notEqual(again.id, card.id);
    assert.equal((await next.present(card)).reason, "unknown-credential");
    assert.equal((await next.present(again)).reason, "granted");
    const removed = (await next.rows()).find((row) => row.kind === "card-removed");
    assert.deepEqual([removed!.credentialId, removed!.detail["holderName"]], [card.id, "Anna"]);
    await assert.rejects(next.credentials.remove(card.id, OWNER), { code: "card-unknown" });
    panel.store.close();
    await next.stop();
  }),
);

Deno.test(
  "cards are listed in the order of adding, page by page",
  onPanel(async (panel) => {
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) {
      ids.push((await panel.addCard({}, `0000000${n.toString(16).toUpperCase()}`)).id);
    }
    const first = await panel.credentials.list({ limit: 10 });
    const second = await panel.credentials.list({ after: first.at(-1)!.id, limit: 10 });
    assert.deepEqual([...first, ...second].map((card) => card.id), ids);
    assert.equal((await panel.credentials.list({ limit: 0 })).length, 1);
  }),
);

Deno.test(
  "B-CARD-7: a card's number is in no file of the data directory, in no form",
  inTempDir(async (dir) => {
    const uid = "04D3E5F7A1B2C6";
    const panel = new AccessPanel(dir);
    const card = await panel.addCard({}, uid);
    await panel.present(card);
    await panel.credentials.remove(card.id, OWNER);
    await panel.addCard({}, uid);
    const files = () =>
      readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const search = () => {
      for (const file of files()) {
        const bytes = readFileSync(join(file.parentPath, file.name));
        for (const form of [uid, uid.toLowerCase()]) {
          assert.equal(bytes.indexOf(form), -1, `${form} in ${file.name}`);
        }
        assert.equal(bytes.indexOf(Uint8Array.fromHex(uid)), -1, `bytes in ${file.name}`);
      }
    };
    assert.ok(files().some((file) => file.name === "access.db-wal"));
    search();
    await panel.stop();
    search();
    assert.ok(!JSON.stringify(panel.lines).includes(uid));
  }),
);
