import { z } from "zod";
import { accessPointIdSchema, formHints } from "../../core/mod.ts";

/** The ports that brokers listen on where a URL names none. */
const PORTS: Readonly<Record<string, number>> = { "mqtt:": 1883, "mqtts:": 8883 };

const url = z.string().max(300).refine((text) => brokerOf(text) !== undefined, {
  error: "a URL such as mqtt://broker.home or mqtts://broker.home:8883, without a user or a path",
});
const path = z.string().min(1).max(4096).regex(/^[^,]+$/, { error: "the path of a file, without a comma" });
/** Without what MQTT takes for a wildcard, what it reserves, and what is hard to see. */
const topic = z.string().max(200).regex(/^(?!\$)[^\s#+/\p{C}]+(\/[^\s#+/\p{C}]+)*$/u, {
  error: "a topic such as house/front-door: words with / between, without spaces, # and +",
});

export const settingsSchema = z.strictObject({
  url: url.optional().describe(
    "The broker, such as mqtts://broker.home. Without one the panel speaks no MQTT. After a change of it or of a file " +
      "the whole panel has to be restarted: it may reach only what its settings named when it started",
  ).meta(formHints({ title: "Broker" })),
  protocol: z.enum(["v5", "v3"]).default("v5").describe(
    "MQTT 5, or 3.1.1 for a broker that does not know 5",
  ).meta(formHints({ names: { v5: "MQTT 5", v3: "MQTT 3.1.1" } })),
  user: z.string().min(1).max(200).optional().describe("The name to log in with").meta(
    formHints({ title: "User" }),
  ),
  passwordFile: path.optional().describe("A file that holds the password and nothing else").meta(
    formHints({ title: "File of the password" }),
  ),
  caFile: path.optional().describe(
    "A file, PEM: the authority that signed the broker's certificate; the machine's authorities unless given",
  ).meta(formHints({ title: "File of the authority" })),
  certFile: path.optional().describe("A file, PEM: the certificate that the panel shows to the broker").meta(
    formHints({ title: "File of the certificate" }),
  ),
  keyFile: path.optional().describe("A file, PEM: the key of that certificate").meta(
    formHints({ title: "File of its key" }),
  ),
  baseTopic: topic.optional().describe(
    "What all topics begin with; latchkey/ and the panel's id unless given",
  ).meta(formHints({ title: "First words of all topics" })),
  discovery: z.boolean().default(true).describe("Whether Home Assistant finds the panel by itself").meta(
    formHints({ title: "Found by Home Assistant" }),
  ),
  discoveryPrefix: topic.default("homeassistant").describe("Where Home Assistant looks").meta(
    formHints({ title: "Topic of the discovery", when: { discovery: [true] } }),
  ),
  commands: z.boolean().default(true).describe(
    "Whether parts that open nothing, such as the light, can be driven",
  ).meta(formHints({ title: "Take commands" })),
  releases: z.array(accessPointIdSchema).max(16).default([]).describe(
    "Which access points may be released, such as lock. None unless given: whoever may write to the broker's topics " +
      "can then open them",
  ).meta(formHints({ title: "What the home may open" })),
  maxAgeSeconds: z.number().int().min(5).max(300).default(30).describe(
    "How old a command to release may be, s; by the clocks of who sends it and of the panel",
  ).meta(formHints({ title: "Oldest command to open, s" })),
  holders: z.boolean().default(false).describe(
    "Whether the names of badge holders are told, and who was the last",
  ).meta(formHints({ title: "Tell names of badge holders" })),
  pictures: z.boolean().default(false).describe(
    "Whether the camera's picture is told when somebody rings, when something moves and when the home asks for it. " +
      "Whoever may read the broker's topics sees it then; privacy areas are black in it",
  ).meta(formHints({ title: "Send pictures" })),
  keepEvents: z.number().int().min(10).max(10_000).default(1_000).describe(
    "How many events are kept while the broker is away; beyond them the oldest are lost",
  ).meta(formHints({ title: "Events kept while it is away" })),
}).superRefine((settings, context) => {
  for (const [field, message] of faultsOf(settings)) {
    context.addIssue({ code: "custom", path: [field], message });
  }
});
export type Settings = z.output<typeof settingsSchema>;

type Links = Pick<Settings, "url" | "user" | "passwordFile" | "caFile" | "certFile" | "keyFile">;

function faultsOf({ url, user, passwordFile, caFile, certFile, keyFile }: Links): [keyof Links, string][] {
  const faults: [keyof Links, string][] = [];
  if (passwordFile !== undefined && user === undefined) {
    faults.push(["user", "Must be given with `passwordFile`"]);
  }
  if (certFile !== undefined && keyFile === undefined) {
    faults.push(["keyFile", "Must be given with `certFile`"]);
  }
  if (keyFile !== undefined && certFile === undefined) {
    faults.push(["certFile", "Must be given with `keyFile`"]);
  }
  if (url?.startsWith("mqtts:")) return faults;
  for (const [field, value] of [["caFile", caFile], ["certFile", certFile]] as const) {
    if (value !== undefined) faults.push([field, "Only with a `url` that begins with mqtts:"]);
  }
  return faults;
}

export interface Broker {
  secure: boolean;
  host: string;
  port: number;
}

/** What the URL of a broker means; undefined where it is none. */
export function brokerOf(text: string): Broker | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  const usual = PORTS[protocol];
  const isPlain = username + password + search + hash === "" && (pathname === "" || pathname === "/");
  if (usual === undefined || !isPlain || port === "0") return undefined;
  if (!/^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/i.test(hostname)) return undefined;
  return {
    secure: protocol === "mqtts:",
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? usual : Number(port),
  };
}
