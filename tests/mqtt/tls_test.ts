import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { findOpenssl } from "../../scripts/test_tools.ts";
import { Broker, Subscriber, test } from "./broker.ts";
import { BrokerAuthority } from "./certificates.ts";
import { MqttPanel } from "./mqtt_panel.ts";

/** A broker that speaks TLS on one port, to those with a certificate of its authority only, and plain on another. */
async function secured(authority: BrokerAuthority): Promise<Broker & { tls: string }> {
  const server = authority.sign("broker", "DNS:localhost,IP:127.0.0.1");
  const port = (await Broker.off()).port;
  const broker = await Broker.start({
    settings: [
      `listener ${port} 127.0.0.1`,
      `cafile ${authority.ca.cert}`,
      `certfile ${server.cert}`,
      `keyfile ${server.key}`,
      "require_certificate true",
      "use_identity_as_username true",
    ],
  });
  return Object.assign(broker, { tls: `mqtts://localhost:${port}` });
}

test("by TLS, with a certificate of its own, the panel is let in under the certificate's name", async () => {
  using authority = new BrokerAuthority(findOpenssl()!);
  await using broker = await secured(authority);
  const { cert, key } = authority.sign("front-door");
  await using panel = await MqttPanel.start({
    url: broker.tls,
    caFile: authority.ca.cert,
    certFile: cert,
    keyFile: key,
  });
  await using house = await Subscriber.open(broker, `${panel.base}/status`);
  assert.equal((await house.on(`${panel.base}/status`)).payload, "online");
  assert.match(broker.log, /New client connected from .* as latchkey-[0-9a-f]{32} \(.*u'front-door'/);
});

test("a panel without a certificate, or with another authority's, is not let in", async () => {
  using authority = new BrokerAuthority(findOpenssl()!);
  using other = new BrokerAuthority(findOpenssl()!);
  await using broker = await secured(authority);
  const stranger = other.sign("front-door");
  for (const login of [{}, { certFile: stranger.cert, keyFile: stranger.key }]) {
    await using panel = await MqttPanel.start({ url: broker.tls, caFile: authority.ca.cert, ...login });
    await panel.says(/There is no broker/);
    assert.doesNotMatch(broker.log, /New client connected from .* as latchkey-/);
  }
});

test("a broker that the panel's authority does not vouch for is sent nothing, and why is in the log", async () => {
  using authority = new BrokerAuthority(findOpenssl()!);
  using other = new BrokerAuthority(findOpenssl()!);
  await using broker = await secured(authority);
  const { cert, key } = authority.sign("front-door");
  await using panel = await MqttPanel.start({
    url: broker.tls,
    caFile: other.ca.cert,
    certFile: cert,
    keyFile: key,
  });
  await panel.says(/There is no broker/);
  const [line] = panel.lines.filter(({ message }) => message.includes("no broker"));
  assert.match(String(line?.fields["error"]), /certificate/i);
  assert.doesNotMatch(broker.log, /New client connected from .* as latchkey-/);
});

test("a broker of another name than its certificate's is sent nothing", async () => {
  using authority = new BrokerAuthority(findOpenssl()!);
  const server = authority.sign("broker", "DNS:elsewhere.home");
  await using broker = await Broker.start({
    settings: [`cafile ${authority.ca.cert}`, `certfile ${server.cert}`, `keyfile ${server.key}`],
  });
  await using panel = await MqttPanel.start({
    url: broker.url.replace("mqtt:", "mqtts:").replace("127.0.0.1", "localhost"),
    caFile: authority.ca.cert,
  });
  await panel.says(/There is no broker/);
  assert.doesNotMatch(broker.log, /New client connected from .* as latchkey-/);
});

test("a renewed certificate is shown at the next connection, without a restart", async () => {
  using authority = new BrokerAuthority(findOpenssl()!);
  await using broker = await secured(authority);
  const files = authority.sign("old");
  await using panel = await MqttPanel.start({
    url: broker.tls,
    caFile: authority.ca.cert,
    certFile: files.cert,
    keyFile: files.key,
  });
  {
    await using house = await Subscriber.open(broker, `${panel.base}/status`);
    await house.on(`${panel.base}/status`);
  }
  const renewed = authority.sign("new");
  copyFileSync(renewed.cert, files.cert);
  copyFileSync(renewed.key, files.key);
  await broker.stop();
  await broker.boot();
  await using house = await Subscriber.open(broker, `${panel.base}/status`);
  await house.find(({ payload }) => payload === "online", "online");
  assert.match(broker.log, /u'new'/);
});
