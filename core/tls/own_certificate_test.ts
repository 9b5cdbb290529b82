import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLog, type LogLine } from "../log.ts";
import { systemRandom } from "../random.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { makeLeaf, makeRoot, type Pair } from "./certificates.ts";
import { constraintsFor, sortNames } from "./names.ts";
import { openOwnCertificate } from "./own_certificate.ts";
import { fingerprintOf } from "./source.ts";

const FROM = Date.UTC(2026, 11, 1);
const UNTIL = Date.UTC(2027, 2, 1);
const NOW = Date.UTC(2027, 0, 1);
const clock = (now: number) => ({ now, trusted: true });

/** As by an authority of someone else's. */
function issue(...names: string[]): Pair {
  const sorted = sortNames(names);
  const root = makeRoot("Elsewhere", constraintsFor(sorted), systemRandom);
  const wildcards = names.filter((name) => name.startsWith("*."));
  const all = { ...sorted, dns: [...sorted.dns, ...wildcards] };
  const leaf = makeLeaf(root, all, { from: FROM, until: UNTIL }, systemRandom);
  return { cert: leaf.cert + root.cert, key: leaf.key };
}

function open(dir: string, names: string[], lines: LogLine[] = []) {
  const log = createLog({ level: "debug", now: () => 0, sink: (line) => void lines.push(line) });
  const files = { cert: join(dir, "door.pem"), key: join(dir, "door.key") };
  return openOwnCertificate({ files, names, log });
}

function write(dir: string, { cert, key }: Partial<Pair>): void {
  if (cert !== undefined) writeFileSync(join(dir, "door.pem"), cert);
  if (key !== undefined) writeFileSync(join(dir, "door.key"), key);
}

Deno.test(
  "the owner's certificate is shown as it is, chain and all; there is no authority to trust",
  inTempDir(async (dir) => {
    const pair = issue("door.example.org");
    write(dir, pair);
    const source = open(dir, ["door.example.org"]);
    assert.deepEqual(await source.pair(clock(NOW), []), pair);
    assert.equal(source.root, undefined);
    assert.equal(source.fingerprint, fingerprintOf(pair.cert));
  }),
);

Deno.test(
  "one that is renewed in place is shown from then on; a broken one is told once and changes nothing",
  inTempDir(async (dir) => {
    const lines: LogLine[] = [];
    const first = issue("door.example.org");
    write(dir, first);
    const source = open(dir, ["door.example.org"], lines);
    const shown = await source.pair(clock(NOW), []);
    assert.equal(await source.pair(clock(NOW), []), shown);
    const next = issue("door.example.org");
    write(dir, { cert: next.cert });
    assert.equal(await source.pair(clock(NOW), []), shown, "its key is still to come");
    assert.equal(await source.pair(clock(NOW), []), shown);
    write(dir, { key: next.key });
    assert.deepEqual(await source.pair(clock(NOW), []), next);
    assert.equal(source.fingerprint, fingerprintOf(next.cert));
    rmSync(join(dir, "door.pem"));
    assert.deepEqual(await source.pair(clock(NOW), []), next);
    assert.deepEqual(lines.map(({ level }) => level), ["error", "error"]);
    assert.match(
      lines[0]!.message,
      /tls\.key, ".*door\.key", is not the key of the certificate in ".*door\.pem"$/,
    );
    assert.match(lines[1]!.message, /tls\.cert, ".*door\.pem", can't be read/);
  }),
);

Deno.test(
  "files that can't be used refuse the start, with the setting, the file and why",
  inTempDir((dir) => {
    const good = issue("door.example.org");
    const cases: [Partial<Pair>, string, RegExp][] = [
      [{}, "tls-file-unreadable", /^The file in tls\.cert, ".*door\.pem", can't be read: /],
      [{ cert: good.cert }, "tls-file-unreadable", /^The file in tls\.key, ".*door\.key", can't be read: /],
      [
        { cert: "nonsense", key: good.key },
        "tls-file-damaged",
        /tls\.cert, ".*", does not hold a certificate in PEM form/,
      ],
      [
        { cert: good.cert, key: "nonsense" },
        "tls-file-damaged",
        /tls\.key, ".*", does not hold a private key/,
      ],
      [
        { cert: good.cert, key: issue("x.local").key },
        "tls-key-mismatch",
        /is not the key of the certificate/,
      ],
      [
        good,
        "tls-name-missing",
        /for other names than the panel's\. It has: DNS:door\.example\.org\. .*: door\.local$/,
      ],
    ];
    for (const [files, code, message] of cases) {
      write(dir, files);
      assert.throws(() => open(dir, ["door.local"]), (error: { code: string; message: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
    }
  }),
);

Deno.test(
  "it has to be good for one of the panel's names; for which it is not is told",
  inTempDir((dir) => {
    const lines: LogLine[] = [];
    write(dir, issue("door.example.org", "*.home.example.org", "192.168.1.20"));
    for (const name of ["DOOR.example.org:8443", "panel.home.example.org", "192.168.1.20"]) {
      open(dir, [name], lines);
    }
    assert.deepEqual(lines, []);
    open(dir, ["10.0.0.1", "door.example.org", "door.local"], lines);
    assert.deepEqual(lines.map(({ level, fields }) => [level, fields["name"]]), [
      ["warn", "door.local"],
      ["warn", "10.0.0.1"],
    ]);
    assert.throws(() => open(dir, []), { code: "tls-name-missing" });
  }),
);

Deno.test(
  "one that has expired, or is not good yet, is told and shown: badges need no certificate",
  inTempDir(async (dir) => {
    const lines: LogLine[] = [];
    const pair = issue("door.example.org");
    write(dir, pair);
    const source = open(dir, ["door.example.org"], lines);
    for (const now of [0, 1, NOW, UNTIL + 1, UNTIL + 2]) {
      assert.deepEqual(await source.pair(clock(now), []), pair);
    }
    assert.deepEqual(lines.map(({ level, message }) => `${level}: ${message}`), [
      "error: The certificate in tls.cert is not good before 2026-12-01: browsers refuse it",
      "error: The certificate in tls.cert has expired on 2027-03-01: browsers refuse it",
    ]);
  }),
);
