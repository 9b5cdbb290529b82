/** Says what it hears of addresses: `ear.ts ADDRESS [NAME]`. Asks for the name, as a resolver that is no responder does. */
import { type Answer, decode, encode } from "dns-packet";
import { createSocket } from "node:dgram";
import { Buffer } from "node:buffer";
import process from "node:process";

const [address = "", name] = process.argv.slice(2);
const GROUP = "224.0.0.251";

function say(how: string, packet: Uint8Array): void {
  const { answers = [], additionals = [] } = decode(Buffer.from(packet));
  for (const answer of [...answers, ...additionals]) console.log(how, text(answer));
}

function text(answer: Answer): string {
  const { name, type, ttl, data } = answer as Answer & { ttl: number; data: unknown };
  return `${type} ${name} ${ttl} ${typeof data === "string" ? data : ""}`;
}

const ear = createSocket({ type: "udp4", reuseAddr: true });
ear.on("message", (packet) => say("heard", packet));
ear.bind(5353, GROUP, () => {
  ear.addMembership(GROUP, address);
  console.log("listens");
});

if (name !== undefined) {
  const mouth = createSocket("udp4");
  mouth.on("message", (packet, { port }) => say(`told by ${port}`, packet));
  mouth.bind(0, address, () => {
    mouth.setMulticastInterface(address);
    mouth.send(encode({ type: "query", id: 7, questions: [{ name, type: "A" }] }), 5353, GROUP);
  });
}
