import assert from "node:assert/strict";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { readAnswer } from "./answer.ts";
import { RELEASE, Target } from "./target.ts";

const GATE = "/api/v1/access-points/gate/release";

/** Lines of a head after those that say who asks, and what follows it: read in two ways by two programs. */
const SHAPES: Record<string, [lines: string[], rest: string]> = {
  "length and chunks": [["content-length: 6", "transfer-encoding: chunked"], "0\r\n\r\n"],
  "chunks and length": [["transfer-encoding: chunked", "content-length: 2"], "0\r\n\r\n"],
  "two lengths": [["content-length: 2", "content-length: 3"], "{}"],
  "the same length twice": [["content-length: 2", "content-length: 2"], "{}"],
  "a list of lengths": [["content-length: 2, 2"], "{}"],
  "a length with a sign": [["content-length: +2"], "{}"],
  "a negative length": [["content-length: -2"], "{}"],
  "a length in hexadecimal": [["content-length: 0x2"], "{}"],
  "a length beyond all numbers": [["content-length: 99999999999999999999999999"], "{}"],
  "a blank before the colon": [["content-length : 2"], "{}"],
  "a name with a line break": [["content-length\r: 2"], "{}"],
  "no name": [[": 2"], ""],
  "chunks by another name": [["transfer-encoding: xchunked"], "0\r\n\r\n"],
  "chunks that are not last": [["transfer-encoding: chunked, identity"], "0\r\n\r\n"],
  "chunks after a vertical tab": [["transfer-encoding: \x0bchunked"], "0\r\n\r\n"],
  "chunks after a NUL": [["transfer-encoding: \0chunked"], "0\r\n\r\n"],
  "chunks twice": [["transfer-encoding: chunked", "transfer-encoding: identity"], "0\r\n\r\n"],
  "a folded line": [["x: a", " transfer-encoding: chunked", "content-length: 2"], "{}"],
  "a folded value": [["transfer-encoding:", " chunked"], "2\r\n{}\r\n0\r\n\r\n"],
  "a line that ends in LF alone": [["x: a\ntransfer-encoding: chunked"], "0\r\n\r\n"],
  "a line that ends in CR alone": [["x: a\rtransfer-encoding: chunked"], "0\r\n\r\n"],
  "a NUL in a value": [["x: a\0b"], ""],
  "a chunk that ends in LF alone": [["transfer-encoding: chunked"], "2\n{}\n0\n\n"],
  "a chunk size and a blank": [["transfer-encoding: chunked"], "2 \r\n{}\r\n0\r\n\r\n"],
  "a chunk size in another way": [["transfer-encoding: chunked"], "0x2\r\n{}\r\n0\r\n\r\n"],
  "a negative chunk": [["transfer-encoding: chunked"], "-1\r\n{}\r\n0\r\n\r\n"],
  "a chunk beyond all numbers": [["transfer-encoding: chunked"], "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"],
  "a chunk longer than it says": [["transfer-encoding: chunked"], "1\r\n{}\r\n0\r\n\r\n"],
  "another version": [["x: a HTTP/1.1", "host: 127.0.0.1 HTTP/1.1"], ""],
};

for (const tls of [false, true]) {
  Deno.test(
    `I-24: what two programs would read in two ways is refused and opens nothing (${tls ? "tls" : "plain"})`,
    inTempDir(async (dir) => {
      await using target = await Target.start(`${dir}/data`, { tls });
      const { owner } = target;
      await target.must("GET", "/api/v1/me");
      const head = (path: string, lines: string[]) => {
        const who = owner.headers("POST", target.urlOf(path));
        const own = Object.entries(who).map(([name, value]) => `${name}: ${value}`);
        const all = ["host: 127.0.0.1", ...own, "content-type: application/json", ...lines];
        return [`POST ${path} HTTP/1.1`, ...all, "", ""].join("\r\n");
      };
      const hidden = () => head(GATE, ["content-length: 0", "connection: close"]);
      const answers = (came: string) => came.match(/HTTP\/1\.1 \d{3}/g) ?? [];

      for (const [shape, [lines, rest]] of Object.entries(SHAPES)) {
        const came = await target.exchange(head(RELEASE, lines) + rest + hidden());
        // Over TLS the connection may be gone before its last words are read.
        assert.match(answers(came).join(), /^(HTTP\/1\.1 4(00|11|21))?$/, `${shape}: ${came}`);
      }
      const bare = (head(RELEASE, ["content-length: 2"]) + "{}").replaceAll("\r\n", "\n");
      assert.match(answers(await target.exchange(bare + hidden())).join(), /^(HTTP\/1\.1 400)?$/);

      // A request in the body of another is its body, whatever the other is answered.
      for (const method of ["GET", "POST", "DELETE"]) {
        const inner = hidden();
        const outer = `${method} /api/v1/health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n` +
          `content-length: ${inner.length}\r\n\r\n${inner}`;
        assert.equal(answers(await target.exchange(outer)).length, 1, method);
      }
      // Who asks is not said after the body.
      const [, ...own] = head(RELEASE, []).trim().split("\r\n").filter((line) =>
        !/^(host|content)/.test(line)
      );
      const late = await target.exchange(
        `POST ${RELEASE} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nconnection: close\r\n` +
          `trailer: authorization, dpop\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n${
            own.join("\r\n")
          }\r\n\r\n`,
      );
      assert.equal(readAnswer(late).body.code, "length-missing");
      // Nor twice.
      for (
        const more of [
          `authorization: DPoP ${"x".repeat(43)}`,
          "dpop: x",
          "host: evil.example",
          "host: 127.0.0.1",
        ]
      ) {
        const came = await target.exchange(head(RELEASE, [more, "content-length: 0", "connection: close"]));
        assert.match(answers(came).join(), /^HTTP\/1\.1 4(01|21)$/, more);
      }
      assert.deepEqual([await target.pulses("lock"), await target.pulses("gate")], [0, 0]);
      await target.must("POST", RELEASE, { body: {} });
      assert.equal(await target.pulses("lock"), 1);
      await target.stop();
    }),
  );
}
