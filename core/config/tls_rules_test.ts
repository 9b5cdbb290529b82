import assert from "node:assert/strict";
import { configSchema } from "./schema.ts";
import { usesTls } from "./tls_rules.ts";

const faults = (settings: unknown) => {
  const { error } = configSchema.safeParse(settings);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
};

Deno.test("the panel speaks TLS wherever other machines can reach it, and on loopback if told to", () => {
  const uses = (host: string, mode: string) => usesTls(configSchema.parse({ host, tls: { mode } }));
  for (const host of ["127.0.0.1", "127.0.0.53", "::1", "localhost"]) {
    assert.deepEqual(["auto", "on", "off"].map((mode) => uses(host, mode)), [false, true, false], host);
  }
  for (const host of ["0.0.0.0", "::", "192.168.1.20", "fd00::1"]) {
    assert.deepEqual(["auto", "on"].map((mode) => uses(host, mode)), [true, true], host);
    assert.deepEqual(faults({ host, tls: { mode: "off" } }), [
      `tls.mode: Must be auto or on where other machines can reach the panel: \`host\` is ${host}`,
    ]);
  }
});

Deno.test("settings of TLS that can't be together are named", () => {
  const host = "0.0.0.0";
  assert.deepEqual(faults({ host, tls: { cert: "a.pem" } }), ["tls.key: Must be given with `tls.cert`"]);
  assert.deepEqual(faults({ host, tls: { key: "a.key" } }), ["tls.cert: Must be given with `tls.key`"]);
  assert.deepEqual(faults({ host, port: 80, tls: { redirectPort: 80 } }), [
    "tls.redirectPort: Must be another one than `port`",
  ]);
  assert.deepEqual(faults({ tls: { redirectPort: 8081 } }), [
    "tls.redirectPort: Only where the panel speaks TLS: see `tls.mode`",
  ]);
  assert.deepEqual(faults({ tls: { cert: "a.pem", key: "a.key" } }), [
    "tls.cert: Only where the panel speaks TLS: see `tls.mode`",
  ]);
  assert.deepEqual(faults({ host, tls: { cert: "a.pem", key: "a.key", redirectPort: 80 } }), []);
});
