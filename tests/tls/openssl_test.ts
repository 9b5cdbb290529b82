import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLog } from "../../core/log.ts";
import { startServer } from "../../core/http/server.ts";
import { findOpenssl } from "../../scripts/test_tools.ts";
import { Household } from "./https_panel.ts";

const openssl = findOpenssl();
const skipped = openssl ? "" : " (skipped: no openssl)";

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(openssl!, { args, stdin: "null" }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test({
  name:
    `openssl accepts the panel's certificate, and nothing for the internet that its authority's key has signed${skipped}`,
  ignore: !openssl,
  async fn() {
    using household = new Household();
    await household.pair();
    const verify = (file: string) =>
      run("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", household.root, file);
    const own = await verify(join(household.dir, "keys", "tls.pem"));
    assert.match(own.text, /tls\.pem: OK/);
    for (const name of ["bank.example", "8.8.8.8", "local.example", "2001:db8::1"]) {
      const file = join(household.dir, "stolen.pem");
      writeFileSync(file, (await household.stolen("localhost", name)).cert);
      const { code, text } = await verify(file);
      assert.notEqual(code, 0, name);
      assert.match(text, /permitted subtree violation/, name);
    }
    const near = join(household.dir, "near.pem");
    writeFileSync(near, (await household.stolen("localhost", "other.local", "10.9.8.7", "fd99::1")).cert);
    assert.equal((await verify(near)).code, 0);
  },
});

Deno.test({
  name: `a client that knows nothing newer than TLS 1.1 is told so and gets no connection${skipped}`,
  ignore: !openssl,
  async fn() {
    using household = new Household();
    const log = createLog({ level: "error", now: () => 0, sink: () => {} });
    const fetch = () => Promise.resolve(new Response("hello"));
    const tls = await household.pair();
    const server = await startServer({ fetch, host: "127.0.0.1", port: 0, log, tls });
    const offer = (version: string) =>
      run(
        "s_client",
        "-connect",
        `127.0.0.1:${server.port}`,
        version,
        "-cipher",
        "ALL:@SECLEVEL=0",
        "-CAfile",
        household.root,
        "-verify_return_error",
      );
    for (const version of ["-tls1", "-tls1_1"]) {
      const { code, text } = await offer(version);
      assert.notEqual(code, 0);
      // 40, handshake failure, is what Deno says; 70, protocol version, what Node does.
      assert.match(text, /SSL alert number (40|70)/, version);
    }
    for (const version of ["-tls1_2", "-tls1_3"]) {
      assert.match((await offer(version)).text, /Verification: OK/);
    }
    await server.close();
  },
});
