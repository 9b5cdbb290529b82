import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { systemRandom } from "../../random.ts";
import { makeRoot } from "../../tls/certificates.ts";
import { constraintsFor } from "../../tls/names.ts";
import { ApiPanel } from "../testing/api_panel.ts";

const PATHS = ["/root.pem", "/root.crt", "/root.mobileconfig"];

Deno.test("who is to trust the panel gets its authority's certificate in each form, without a credential", async () => {
  const { cert } = makeRoot("Casa <Rossi> & Co", constraintsFor({ dns: [], ips: [] }), systemRandom);
  await using panel = await ApiPanel.start({ rootCertificate: cert, name: "Casa <Rossi> & Co" });
  const der = new X509Certificate(cert).raw;
  const [pem, crt, profile] = await Promise.all(
    PATHS.map((path) => panel.send("GET", path, { device: null })),
  );
  assert.deepEqual([pem, crt, profile].map((response) => response!.headers.get("content-type")), [
    "application/x-pem-file",
    "application/x-x509-ca-cert",
    "application/x-apple-aspen-config",
  ]);
  assert.equal(await pem!.text(), cert);
  assert.deepEqual(Buffer.from(await crt!.arrayBuffer()), der);
  const plist = await profile!.text();
  const [, data = ""] = /<data>([^<]*)<\/data>/.exec(plist)!;
  assert.deepEqual(Buffer.from(data, "base64"), der);
  assert.match(plist, /<string>Latchkey Casa &lt;Rossi&gt; &amp; Co<\/string>/);
  assert.match(plist, /<string>com\.apple\.security\.root<\/string>/);
  const ids = [...plist.matchAll(/<string>([0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})<\/string>/g)];
  assert.equal(new Set(ids.map(([, id]) => id)).size, 2);
  const again = await panel.send("GET", "/root.mobileconfig", { device: null });
  assert.equal(await again.text(), plist, "the same panel's profile replaces itself");
});

Deno.test("a panel without an authority of its own says so", async () => {
  await using panel = await ApiPanel.start();
  for (const path of PATHS) {
    const { status, body } = await panel.ask("GET", path, { device: null });
    assert.deepEqual([status, body.code], [404, "no-authority"], path);
  }
});
