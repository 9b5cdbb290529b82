import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLog, type LogLine } from "../log.ts";
import { systemRandom } from "../random.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { openAuthority } from "./authority.ts";
import { constraintsOf } from "./certificates.ts";
import type { CertificateSource } from "./source.ts";

const NOW = Date.UTC(2027, 0, 1);
const DAY_MS = 24 * 60 * 60_000;
const NAMES = ["localhost", "127.0.0.1", "[::1]", "front-door.local", "192.168.1.20", "fd00:0::5"];
const clock = (now: number, trusted = true) => ({ now, trusted });

function open(dataDir: string, names = NAMES, lines: LogLine[] = []): Promise<CertificateSource> {
  const log = createLog({ level: "debug", now: () => 0, sink: (line) => void lines.push(line) });
  return openAuthority({ dataDir, name: "Front door", names, random: systemRandom, log });
}

/** The certificates of a chain, the panel's first. */
function chain(pem: string): X509Certificate[] {
  return pem.split(/(?<=-----END CERTIFICATE-----\n)/).map((part) => new X509Certificate(part));
}

const files = (dir: string) =>
  Object.fromEntries(
    readdirSync(join(dir, "keys")).map((name) => [name, readFileSync(join(dir, "keys", name), "utf8")]),
  );

Deno.test(
  "the panel shows a certificate of its own authority, good for all its names, with the authority behind it",
  inTempDir(async (dir) => {
    const source = await open(dir);
    const [leaf, root, ...more] = chain((await source.pair(clock(NOW), NAMES)).cert);
    assert.ok(leaf && root && more.length === 0);
    assert.ok(leaf.verify(root.publicKey) && leaf.checkIssued(root) && root.verify(root.publicKey));
    assert.deepEqual([leaf.ca, root.ca], [false, true]);
    for (const host of ["localhost", "front-door.local"]) assert.ok(leaf.checkHost(host), host);
    for (const ip of ["127.0.0.1", "::1", "192.168.1.20", "fd00::5"]) assert.ok(leaf.checkIP(ip), ip);
    assert.equal(leaf.checkHost("evil.example"), undefined);
    assert.equal(source.root, root.toString());
    assert.equal(source.fingerprint, root.fingerprint256.replaceAll(":", "").toLowerCase());
    assert.match(root.subject, /^CN=Latchkey Front door [0-9a-f]{8}$/);
    assert.deepEqual(Date.parse(root.validFrom), Date.UTC(2025, 0, 1));
    assert.deepEqual(Date.parse(root.validTo), Date.UTC(2049, 11, 31, 23, 59, 59));
  }),
);

Deno.test(
  "its keys are for the panel's user only, and a second start shows the same",
  inTempDir(async (dir) => {
    const pair = await (await open(dir)).pair(clock(NOW), NAMES);
    const before = files(dir);
    assert.deepEqual(Object.keys(before).toSorted(), ["ca.key", "ca.pem", "tls.key", "tls.pem"]);
    for (const name of Object.keys(before)) {
      assert.equal(statSync(join(dir, "keys", name)).mode & 0o777, 0o600, name);
    }
    assert.equal(statSync(join(dir, "keys")).mode & 0o777, 0o700);
    chmodSync(join(dir, "keys", "ca.key"), 0o644);
    const again = await open(dir);
    assert.deepEqual(await again.pair(clock(NOW), NAMES), pair);
    assert.equal(await again.pair(clock(NOW), NAMES), await again.pair(clock(NOW + DAY_MS), NAMES));
    assert.deepEqual(files(dir), before);
    assert.equal(statSync(join(dir, "keys", "ca.key")).mode & 0o777, 0o600);
  }),
);

Deno.test(
  "the certificate is renewed long before it ends and when a name comes to be missing; what devices trust stays",
  inTempDir(async (dir) => {
    const source = await open(dir);
    const first = await source.pair(clock(NOW), NAMES);
    assert.equal(await source.pair(clock(NOW + 290 * DAY_MS), NAMES), first);
    const later = await source.pair(clock(NOW + 310 * DAY_MS), NAMES);
    const [leaf] = chain(later.cert);
    assert.ok(Date.parse(leaf!.validTo) > NOW + 900 * DAY_MS);
    const moved = await source.pair(clock(NOW + 310 * DAY_MS), [...NAMES, "10.0.0.9"]);
    assert.ok(chain(moved.cert)[0]!.checkIP("10.0.0.9"));
    assert.equal(
      await source.pair(clock(NOW + 310 * DAY_MS), NAMES),
      moved,
      "an address that is gone does no harm",
    );
    const pairs = [first, later, moved];
    assert.equal(new Set(pairs.map(({ key }) => key)).size, 3, "each has a key of its own");
    for (const { cert } of pairs) assert.equal(chain(cert)[1]!.toString(), source.root);
    assert.equal((await open(dir)).fingerprint, source.fingerprint);
    assert.equal(files(dir)["tls.key"], moved.key);
  }),
);

Deno.test(
  "with a clock at 1970 or 2050 at the first start, devices whose clocks are right accept the panel",
  async () => {
    for (const now of [0, Date.UTC(2050, 0, 1)]) {
      await inTempDir(async (dir) => {
        const [leaf] = chain((await (await open(dir)).pair(clock(now), NAMES)).cert);
        assert.ok(Date.parse(leaf!.validFrom) < Date.UTC(2026, 10, 26), `from, at ${now}`);
        assert.ok(Date.parse(leaf!.validTo) > Date.UTC(2028, 0, 1), `until, at ${now}`);
      })();
    }
  },
);

Deno.test(
  "a clock that goes wrong later changes nothing; one that was wrong at first and is set right does",
  inTempDir(async (dir) => {
    const source = await open(dir);
    const first = await source.pair(clock(NOW), NAMES);
    for (const now of [0, Date.UTC(2050, 0, 1)]) {
      assert.equal(await source.pair(clock(now), NAMES), first);
      assert.deepEqual(await (await open(dir)).pair(clock(now, false), NAMES), first);
    }
    const ahead = Date.UTC(2040, 0, 1);
    assert.equal(await source.pair(clock(ahead, false), NAMES), first);
    await source.pair(clock(ahead), NAMES);
    const back = await source.pair(clock(NOW, false), NAMES);
    assert.ok(Date.parse(chain(back.cert)[0]!.validFrom) < NOW);
    assert.ok(Date.parse(chain(back.cert)[0]!.validTo) > NOW + 500 * DAY_MS);
  }),
);

Deno.test(
  "a name that came after the authority was made, and that others may have, is left out and told once",
  inTempDir(async (dir) => {
    await open(dir);
    const lines: LogLine[] = [];
    const source = await open(dir, NAMES, lines);
    const names = [...NAMES, "bank.example", "8.8.8.8", "new.local"];
    const pair = await source.pair(clock(NOW), names);
    const [leaf] = chain(pair.cert);
    assert.ok(leaf!.checkHost("new.local"));
    assert.deepEqual([leaf!.checkHost("bank.example"), leaf!.checkIP("8.8.8.8")], [undefined, undefined]);
    assert.equal(await source.pair(clock(NOW), names), pair);
    assert.deepEqual(
      await (await open(dir)).pair(clock(NOW), names),
      pair,
      "nor is it made anew at each start",
    );
    await source.pair(clock(NOW), [...names, "10.0.0.9"]);
    assert.deepEqual(lines.map(({ level, fields }) => [level, fields["name"]]), [
      ["warn", "bank.example"],
      ["warn", "8.8.8.8"],
    ]);
  }),
);

Deno.test(
  "a name that was configured when the authority was made is among what it may vouch for",
  inTempDir(async (dir) => {
    const source = await open(dir, [...NAMES, "door.example.org"]);
    assert.ok(constraintsOf(source.root!).dns.includes("door.example.org"));
    const [leaf] = chain((await source.pair(clock(NOW), ["door.example.org"])).cert);
    assert.ok(leaf!.checkHost("door.example.org"));
  }),
);

Deno.test(
  "a damaged or missing file of the authority is named, and nothing is replaced",
  inTempDir(async (dir) => {
    await (await open(dir)).pair(clock(NOW), NAMES);
    const whole = files(dir);
    const other = await inNewDir((another) => open(another).then(() => files(another)));
    const damage: [string, string | undefined, string, RegExp][] = [
      ["ca.pem", "nonsense", "keys-damaged", /keys\/ca\.pem" or ".*keys\/ca\.key" is damaged/],
      ["ca.key", whole["ca.key"]!.slice(0, 90), "keys-damaged", /is damaged/],
      ["ca.key", other["ca.key"], "keys-damaged", /do not belong together/],
      ["ca.key", undefined, "keys-missing", /keys\/ca\.key" is missing/],
      ["ca.pem", undefined, "keys-missing", /keys\/ca\.pem" is missing/],
    ];
    for (const [name, content, code, message] of damage) {
      const path = join(dir, "keys", name);
      if (content === undefined) rmSync(path);
      else writeFileSync(path, content);
      const before = files(dir);
      await assert.rejects(open(dir), (error: { code: string; message: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(files(dir), before);
      writeFileSync(path, whole[name]!);
    }
  }),
);

Deno.test(
  "what the authority has signed is made anew where it is damaged; so is an authority that a crash left unfinished",
  inTempDir(async (dir) => {
    const source = await open(dir);
    const first = await source.pair(clock(NOW), NAMES);
    for (const name of ["tls.key", "tls.pem"]) {
      writeFileSync(join(dir, "keys", name), "nonsense");
      const again = await open(dir);
      const pair = await again.pair(clock(NOW), NAMES);
      assert.equal(again.fingerprint, source.fingerprint);
      assert.notEqual(pair.cert, first.cert);
      assert.equal(files(dir)["tls.key"], pair.key);
    }
    for (const name of ["ca.key", "tls.key", "tls.pem"]) rmSync(join(dir, "keys", name));
    const fresh = await open(dir);
    assert.notEqual(fresh.fingerprint, source.fingerprint);
  }),
);

Deno.test(
  "a certificate that can't be written is shown all the same",
  inTempDir(async (dir) => {
    const lines: LogLine[] = [];
    const source = await open(dir, NAMES, lines);
    // Root may write to a read-only directory; nobody writes to one that is not there.
    rmSync(join(dir, "keys"), { recursive: true });
    const [leaf] = chain((await source.pair(clock(NOW), NAMES)).cert);
    assert.ok(leaf!.checkHost("localhost"));
    assert.deepEqual(lines.map(({ message }) => message), ["The panel's new certificate can't be kept"]);
  }),
);

async function inNewDir<T>(work: (dir: string) => Promise<T>): Promise<T> {
  let result: T | undefined;
  await inTempDir(async (dir) => void (result = await work(dir)))();
  return result!;
}
