import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Wire } from "../../core/http/testing/wire.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { freePort } from "../../core/testing/free_port.ts";
import { MATRIX } from "./matrix.ts";
import { RELEASE, Target } from "./target.ts";

const MIB = 1_048_576;
/** Of one address: nearly all that it may have. */
const CONNECTIONS = 60;
const NEIGHBOUR = "127.0.0.2";
/** What a flood may take of memory; most of it is what the runtime gives back later. */
const MOST_GROWTH_MIB = 200;

const host = "host: 127.0.0.1\r\n";
const open = `POST /api/v1/codes/release HTTP/1.1\r\n${host}content-type: application/json\r\n`;

/** What each connection sends; nothing of it is ever read back. */
const FLOODS: Record<string, string> = {
  "a header of 1 MiB": `GET /api/v1/health HTTP/1.1\r\n${host}x: ${"y".repeat(MIB)}`,
  "20,000 headers": `GET /api/v1/health HTTP/1.1\r\n${host}${"x: y\r\n".repeat(20_000)}`,
  "half a head": `GET /api/v1/health HTTP/1.1\r\n${host}x: `,
  "half a body": `${open}content-length: 1000\r\n\r\n{"text":`,
  "a body after the refusal": `POST ${RELEASE} HTTP/1.1\r\n${host}content-length: 999999999\r\n\r\n${
    "x".repeat(MIB / 2)
  }`,
  "chunks without an end": `${open}transfer-encoding: chunked\r\n\r\n${
    "1000\r\n".padEnd(0x1006, " ").concat("\r\n").repeat(75)
  }`,
  "tiny chunks without an end": `${open}transfer-encoding: chunked\r\n\r\n${"1\r\n \r\n".repeat(60_000)}`,
  "a chunk's extension without an end": `${open}transfer-encoding: chunked\r\n\r\n1;x=${"y".repeat(MIB / 2)}`,
  "trailers without an end": `${open}transfer-encoding: chunked\r\n\r\n0\r\n${"x: y\r\n".repeat(60_000)}`,
  "requests sent ahead": `GET /api/v1/health HTTP/1.1\r\n${host}\r\n`.repeat(3_000),
  "requests for the largest page sent ahead": `GET /api/v1/docs HTTP/1.1\r\n${host}\r\n`.repeat(1_000),
  "a page that nobody reads": `GET /api/v1/docs HTTP/1.1\r\n${host}\r\n`,
};

/** Where encryption makes a difference: much that is read ahead, and much that is not read. */
const FLOODS_OVER_TLS = [
  "20,000 headers",
  "a body after the refusal",
  "tiny chunks without an end",
  "requests sent ahead",
  "a page that nobody reads",
];

/** What the process has taken by now: memory in MiB, and time of a processor in ms. */
function used({ pid }: Target): { mib: number; cpuMs: number } {
  const proc = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8");
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(proc("status"))!;
  // After the name: user and system time are the 12th and 13th, in hundredths of a second.
  const fields = proc("stat").split(") ")[1]!.split(" ");
  return { mib: Number(kib) / 1_024, cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 };
}

/**
 * Somebody else's release. Of the second that it may take, counts what the panel works: a machine that is busy with
 * other things must not fail a test. Waiting without work counts only where it is long.
 */
async function assertServed(target: Target, what: string): Promise<void> {
  const began = performance.now();
  const before = used(target).cpuMs;
  await target.must("POST", RELEASE, { body: {}, from: NEIGHBOUR });
  const [worked, took] = [used(target).cpuMs - before, performance.now() - began];
  assert.ok(
    worked < 1_000 && took < 5_000,
    `${what}: a release took ${worked} ms of work, ${took.toFixed()} ms in all`,
  );
}

for (const tls of [false, true]) {
  Deno.test(
    `I-25: whatever floods come from one address, another one gets its release within 1 s, and memory is bound (${
      tls ? "tls" : "plain"
    })`,
    inTempDir(async (dir) => {
      await using target = await Target.start(`${dir}/data`, { tls, args: ["--log.level", "debug"] });
      // The page is made once; the warning comes once for an address.
      await target.exchange(`GET /api/v1/docs HTTP/1.1\r\n${host}connection: close\r\n\r\n`);
      for (let round = 0; round < 20; round++) await assertServed(target, "before");
      const before = used(target).mib;
      const floods = tls ? FLOODS_OVER_TLS : Object.keys(FLOODS);
      for (const [n, what] of floods.entries()) {
        const from = `127.0.1.${1 + n}`;
        const wires = await Promise.all(Array.from({ length: CONNECTIONS }, () => target.connect(from)));
        for (const wire of wires) {
          wire.stall();
          wire.send(FLOODS[what]!);
        }
        for (let round = 0; round < 3; round++) await assertServed(target, what);
        const grown = used(target).mib - before;
        assert.ok(grown < MOST_GROWTH_MIB, `${what}: grew by ${grown.toFixed()} MiB`);
        await Promise.all(wires.map((wire) => wire.close()));
      }
      assert.doesNotMatch(target.log, /A request failed/);
      await target.stop();
    }),
  );
}

Deno.test(
  "I-25: nor do floods at the port that redirects hold up a release",
  inTempDir(async (dir) => {
    const port = await freePort();
    const args = ["--tls.redirectPort", String(port)];
    await using target = await Target.start(`${dir}/data`, { tls: true, args });
    for (let round = 0; round < 20; round++) await assertServed(target, "before");
    const wires = await Promise.all(
      Array.from({ length: 32 }, (_, n) => Wire.open(port, `127.0.1.${1 + n % 4}`)),
    );
    for (const wire of wires) wire.send(FLOODS["requests sent ahead"]!);
    for (let round = 0; round < 5; round++) await assertServed(target, "requests sent ahead in clear");
    await Promise.all(wires.map((wire) => wire.close()));
    await target.stop();
  }),
);

/** JSON, or nearly, that programs trip over. */
const NASTY: Record<string, string> = {
  "depth": "[".repeat(30_000) + "]".repeat(30_000),
  "depth of objects": '{"a":'.repeat(6_000) + "1" + "}".repeat(6_000),
  "depth just allowed": '{"terms":'.repeat(31) + "1" + "}".repeat(31),
  "10,000 fields": `{${Array.from({ length: 6_000 }, (_, n) => `"f${n}":1`).join()}}`,
  "a long name": `{"${"x".repeat(60_000)}":1}`,
  "a long value": `{"name":"${"x".repeat(60_000)}"}`,
  "a number beyond all": '{"seq":1e999,"ms":1e999,"usesLeft":-1e999}',
  "400 digits": `{"seq":${"9".repeat(400)},"ms":${"9".repeat(400)}}`,
  "a fraction": '{"ms":0.0000000000000000000000000001,"pulseMs":1.5}',
  "prototype": '{"__proto__":{"role":"owner","access":"public","requestId":"x"}}',
  "constructor":
    '{"constructor":{"prototype":{"role":"owner"}},"prototype":{},"toString":"x","hasOwnProperty":1}',
  "half a letter": '{"name":"\\ud800","code":"\\udfff","text":"\\ud83d"}',
  "NUL": '{"name":"a\\u0000b","text":"\\u0000","accessPoint":"lock\\u0000"}',
  "SQL": `{"name":"'; DROP TABLE members; --","text":"' OR 1=1 --","accessPoint":"lock' OR '1'='1"}`,
  "no object": "[]",
  "null": "null",
  "text": '"x"',
  "a number": "1",
  "byte order mark": '\ufeff{"requestId":7}',
  "a comment": '{/**/"a":1}',
};

/** An empty list is what they may be given. */
const TAKE_LISTS: readonly string[] = [
  "PUT /api/v1/plugins/camera/privacy-areas",
];

Deno.test(
  "no JSON that programs trip over makes any route fail, do anything, or change what objects are",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const before = await target.must("GET", "/api/v1/access-log");
    let sent = 0;
    for (const [route, { method, path }] of MATRIX) {
      if (method === "GET" || method === "DELETE" || path.endsWith("/claim") || path.endsWith("/join")) {
        continue;
      }
      for (const [what, text] of Object.entries(NASTY)) {
        if (what === "no object" && TAKE_LISTS.includes(route)) continue;
        const headers = { "content-type": "application/json" };
        const { status, body } = await target.ask(method, path, { text, headers });
        assert.ok(status >= 400 && status < 500, `${what} to ${route} is answered ${status} ${body?.code}`);
        assert.ok(JSON.stringify(body).length < 20_000, `${what} to ${route}: the answer repeats all of it`);
        sent++;
      }
    }
    assert.ok(sent > 300, `${sent}`);
    assert.deepEqual(await target.must("GET", "/api/v1/access-log"), before);
    assert.equal(await target.pulses(), 0);
    assert.equal((await target.must("GET", "/api/v1/me")).member.role, "owner");
    assert.doesNotMatch(target.log, /A request failed/);
    await target.stop();
  }),
);
