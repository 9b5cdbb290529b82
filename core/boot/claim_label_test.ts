import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { configSchema } from "../config/schema.ts";
import { createLog } from "../log.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { claimLabel, keepLabel } from "./claim_label.ts";

const OFFER = { code: "q".repeat(22), deviceId: "d".repeat(32), fingerprint: "ab".repeat(32) };

Deno.test(
  "B-SET-5: a label to print lies in the data directory, for the panel's user only, with the link and what to compare",
  inTempDir((dir) => {
    const config = configSchema.parse({ data: dir, host: "192.168.1.20", name: 'A & "B" <C>' });
    const logged: string[] = [];
    const log = createLog({ level: "warn", now: () => 0, sink: ({ message }) => void logged.push(message) });
    keepLabel(config, 8443, OFFER, log);
    const path = join(dir, "claim.svg");
    const label = readFileSync(path, "utf8");
    const link =
      `https://192.168.1.20:8443/#claim=${OFFER.code}&panel=${OFFER.deviceId}&sha256=${OFFER.fingerprint}`;
    assert.equal(label, claimLabel({ ...OFFER, name: config.name, link }));
    assert.notEqual(
      label,
      claimLabel({ ...OFFER, name: config.name, link: `${link}0` }),
      "the link is in it",
    );
    assert.match(label, /A &#38; &#34;B&#34; &#60;C&#62;/);
    const letters = [...label.matchAll(/>([^<]*)<\/text>/g)].map(([, text]) => text).join("");
    assert.ok(letters.includes(OFFER.deviceId) && letters.includes(OFFER.fingerprint));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(logged, []);
    return Promise.resolve();
  }),
);

Deno.test("a label that can't be written is said in the log, and the panel starts all the same", () => {
  const config = configSchema.parse({ data: "/nonexistent/panel" });
  const logged: string[] = [];
  const log = createLog({ level: "warn", now: () => 0, sink: ({ message }) => void logged.push(message) });
  keepLabel(config, 8443, OFFER, log);
  assert.deepEqual(logged, ["The label to claim the panel with can't be written"]);
});
