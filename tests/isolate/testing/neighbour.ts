/** What is around a panel on a machine of its own: the way in from outside, and a host that answers. `neighbour.ts WAY PORT ADDRESS` */
import net from "node:net";
import process from "node:process";

const [way = "", port = "", address = ""] = process.argv.slice(2);

/** Carries what comes in at a socket in a folder, where other networks reach it, to the panel's port. */
const relay = net.createServer((from) => {
  const to = net.connect(Number(port), "127.0.0.1");
  from.pipe(to).pipe(from);
  for (const [one, other] of [[from, to], [to, from]] as const) one.on("error", () => other.destroy());
});

const answer = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nsunny";
const host = net.createServer((socket) => {
  socket.on("error", () => {}).once("data", () => socket.end(answer));
});

relay.listen(way, () => host.listen(80, address, () => console.log("ready")));
