import assert from "node:assert/strict";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { codeService } from "./keys.ts";
import type { Actor, Terms } from "./model.ts";

const terms: Terms = { validity: { kind: "always" }, accessPoints: ["lock"], usesLeft: 3, suspended: false };

/** Everyone whose releases are counted: how to ask, and how many are left. */
async function counted(panel: AccessPanel): Promise<Record<string, { actor: Actor; left(): unknown }>> {
  const { code } = await panel.host.core.use(codeService).add({ name: "Parcel", form: "pin", terms }, OWNER);
  const guest = panel.parts.members.add(
    { name: "Guido", role: "guest", until: null, terms, scopes: [] },
    0,
  );
  const card = await panel.addCard(terms);
  const leftOf = (sql: string) => () => panel.store.prepare(sql).get()?.["uses_left"];
  return {
    card: {
      actor: { kind: "card", id: card.id, scopes: [] },
      left: leftOf("SELECT uses_left FROM credentials"),
    },
    code: { actor: { kind: "code", id: code.id, scopes: [] }, left: leftOf("SELECT uses_left FROM codes") },
    guest: {
      actor: { kind: "person", id: guest, scopes: [] },
      left: leftOf("SELECT uses_left FROM members WHERE role = 'guest'"),
    },
  };
}

Deno.test(
  "I-6: a release that is asked for again costs no further use, of a card, a code or a guest",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    for (const [who, { actor, left }] of Object.entries(await counted(panel))) {
      const request = panel.request(actor);
      assert.equal((await panel.access.release(request)).outcome, "released");
      panel.lock.close();
      for (let n = 0; n < 5; n++) assert.equal((await panel.access.release(request)).repeated, true);
      assert.equal(left(), 2, who);
    }
    await panel.stop();
  }),
);

Deno.test(
  "I-1: a use is counted with its row in one transaction, or not at all",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const all = await counted(panel);
    panel.store.exec(
      "CREATE TRIGGER full BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'no row can be written'); END",
    );
    for (const [who, { actor, left }] of Object.entries(all)) {
      assert.equal((await panel.access.release(panel.request(actor))).reason, "log-unavailable");
      assert.equal(left(), 3, who);
    }
    assert.deepEqual(panel.lock.pulses, []);
    await panel.stop();
  }),
);
