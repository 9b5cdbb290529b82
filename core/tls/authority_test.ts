import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemRandom } from "../random.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { loadTls, type TlsOptions } from "./authority.ts";

const NOW = Date.UTC(2027, 0, 1);
const DAY_MS = 24 * 60 * 60_000;
const options = (dataDir: string, change: Partial<TlsOptions> = {}): TlsOptions => ({
  dataDir,
  name: "Front door",
  names: ["localhost", "127.0.0.1", "door.local", "[::1]"],
  now: NOW,
  random: systemRandom,
  ...change,
});

Deno.test(
  "the panel's certificate is signed by its own authority, for all its names, and both are kept for its owner only",
  inTempDir(async (dir) => {
    const tls = await loadTls(options(dir));
    const [leaf, root] = [new X509Certificate(tls.cert), new X509Certificate(tls.root)];
    assert.ok(leaf.verify(root.publicKey) && leaf.checkIssued(root));
    assert.equal(root.ca, true);
    assert.equal(leaf.ca, false);
    for (const host of ["localhost", "door.local"]) assert.ok(leaf.checkHost(host), host);
    for (const ip of ["127.0.0.1", "::1"]) assert.ok(leaf.checkIP(ip), ip);
    assert.equal(leaf.checkHost("evil.example"), undefined);
    assert.match(tls.fingerprint, /^[0-9a-f]{64}$/);
    assert.ok(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom) <= 825 * DAY_MS, "Apple takes no more");
    for (const name of ["ca.key", "tls.key"]) {
      assert.equal(statSync(join(dir, "keys", name)).mode & 0o777, 0o600, name);
    }
    assert.deepEqual(await loadTls(options(dir)), tls, "the second start makes nothing new");
  }),
);

Deno.test(
  "the certificate is renewed before it ends and when a name is missing; what devices trust stays",
  inTempDir(async (dir) => {
    const first = await loadTls(options(dir));
    const later = await loadTls(options(dir, { now: NOW + 650 * DAY_MS }));
    assert.notEqual(later.cert, first.cert);
    assert.equal(later.fingerprint, first.fingerprint);
    const named = await loadTls(options(dir, { now: NOW + 650 * DAY_MS, names: ["localhost", "new.local"] }));
    assert.ok(new X509Certificate(named.cert).checkHost("new.local"));
    assert.equal(named.fingerprint, first.fingerprint);
  }),
);

Deno.test(
  "a wrong clock makes nothing that is over or not yet good for a device whose clock is right",
  inTempDir(async (dir) => {
    const early = await loadTls(options(dir, { now: 0 }));
    const leaf = new X509Certificate(early.cert);
    assert.ok(Date.parse(leaf.validFrom) < Date.UTC(2026, 10, 2) && Date.parse(leaf.validTo) > NOW);
    const future = await loadTls(options(dir, { now: Date.UTC(2050, 0, 1) }));
    const back = await loadTls(options(dir, { now: NOW }));
    assert.notEqual(back.cert, future.cert, "one that is not good yet is made anew");
    assert.ok(Date.parse(new X509Certificate(back.cert).validFrom) < NOW);
  }),
);

Deno.test(
  "a damaged key file is named and nothing is replaced; half of a pair is made anew",
  inTempDir(async (dir) => {
    const first = await loadTls(options(dir));
    rmSync(join(dir, "keys", "tls.pem"));
    assert.equal((await loadTls(options(dir))).fingerprint, first.fingerprint);
    writeFileSync(join(dir, "keys", "ca.pem"), "nonsense");
    await assert.rejects(loadTls(options(dir)), (error: { code: string; message: string }) => {
      assert.equal(error.code, "keys-damaged");
      assert.match(error.message, /ca\.pem/);
      return true;
    });
    assert.equal(readFileSync(join(dir, "keys", "ca.pem"), "utf8"), "nonsense");
  }),
);
