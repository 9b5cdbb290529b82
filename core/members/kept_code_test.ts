import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemRandom } from "../random.ts";
import { AccessPanel } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { setupMembers } from "./setup.ts";

/** A panel without an owner that starts on the directory, the code that it shows, and how to claim it. */
async function started(dir: string) {
  const panel = new AccessPanel(dir);
  panel.parts.members.removeAll();
  const offers: string[] = [];
  const claim = setupMembers(panel.host.core, {
    access: panel.parts,
    random: systemRandom,
    bearerAllowed: false,
    presenceByCode: true,
    offerClaim: (code) => void offers.push(code),
    dataDir: dir,
  });
  await panel.host.start();
  const wish = { name: "Anna", deviceName: "Phone", publicKey: "{}", removeCards: false };
  return { panel, claim, offers, attempt: (code: string) => claim.attempt({ ...wish, code }).state };
}

Deno.test(
  "B-SET-5: the panel's code is the same after a restart, so that a printed one is good, and is gone once it was used",
  inTempDir(async (dir) => {
    const file = join(dir, "claim.code");
    writeFileSync(join(dir, "claim.svg"), "");
    const first = await started(dir);
    await first.panel.stop();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const second = await started(dir);
    assert.deepEqual(second.offers, first.offers);
    assert.equal(second.attempt(second.offers[0]!), "claimed");
    assert.deepEqual([file, join(dir, "claim.svg")].map(existsSync), [false, false]);
    await second.panel.stop();
  }),
);

Deno.test(
  "B-SET-5: five wrong codes void it on disk too: the next start shows another",
  inTempDir(async (dir) => {
    const first = await started(dir);
    for (let n = 0; n < 5; n++) {
      assert.throws(() => first.attempt("x".repeat(22)), { code: "claim-wrong" });
    }
    await first.panel.stop();
    const second = await started(dir);
    assert.equal(second.offers.length, 1);
    assert.notEqual(second.offers[0], first.offers[0]);
    assert.throws(() => second.attempt(first.offers[0]!), { code: "claim-wrong" });
    await second.panel.stop();
  }),
);

Deno.test(
  "a kept code that is damaged is none",
  inTempDir(async (dir) => {
    writeFileSync(join(dir, "claim.code"), "short\n");
    const { panel, offers } = await started(dir);
    assert.match(offers[0]!, /^[\w-]{22}$/);
    await panel.stop();
  }),
);
