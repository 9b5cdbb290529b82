import { resolve } from "node:path";
import type { PluginNeeds } from "../../core/mod.ts";

/** The ports that brokers listen on where a URL names none. */
const PORTS: Readonly<Record<string, number>> = { "mqtt:": 1883, "mqtts:": 8883 };
const FILES = ["passwordFile", "caFile", "certFile", "keyFile"];

/** On Deno, what the panel's process needs to speak to the broker: its address, and the files that the settings name. */
export const mqttNeeds: PluginNeeds = ({ given }) => {
  const broker = brokerAt(given("plugins.mqtt.url"));
  if (broker === undefined) return {};
  const files = FILES.map((name) => given(`plugins.mqtt.${name}`)).filter((path) =>
    typeof path === "string" && path !== "" && !path.includes(",")
  );
  return { net: [broker], read: files.map((path) => resolve(String(path))) };
};

/**
 * `host:port`; undefined where it is none that a permission can name: a comma would end the host, and what follows it
 * would be allowed too.
 */
function brokerAt(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const usual = PORTS[protocol];
  if (usual === undefined || !/^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/i.test(hostname)) return undefined;
  return `${hostname}:${port === "" ? usual : port}`;
}
