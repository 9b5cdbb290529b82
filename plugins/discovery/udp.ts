import { createSocket, type Socket, type SocketOptions } from "node:dgram";
import { networkInterfaces } from "node:os";
import { type Interface, MDNS_PORT, type Network, type Place, type Port, type Source } from "./network.ts";

const GROUPS = { 4: "224.0.0.251", 6: "ff02::fb" };
/** RFC 6762, 11: who wants can see by it that a packet crossed no router. */
const HOPS = 255;

/** The machine's own network. */
export const udpNetwork: Network = {
  interfaces() {
    return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]): Interface[] => {
      const own = addresses.filter(({ internal }) => !internal).map((one) => ({
        address: one.address,
        family: one.family === "IPv6" ? 6 as const : 4 as const,
        prefix: Number(one.cidr?.split("/")[1] ?? (one.family === "IPv6" ? 128 : 32)),
        scope: one.scopeid ?? 0,
      }));
      return own.length === 0 ? [] : [{ name, addresses: own }];
    });
  },
  async join(place, hear) {
    const socket = createSocket(optionsFor(place));
    try {
      await bound(socket, place);
      joinGroup(socket, place);
    } catch (error) {
      socket.close();
      throw error;
    }
    // What went wrong is told to who sends.
    socket.on("error", () => {});
    socket.on("message", (packet, { address, port }) => hear(packet, { address, port }));
    return portOf(socket, groupOf(place));
  },
};

/**
 * Bound to the group, so that nothing sent to one of the machine's addresses is heard at all; in IPv6 to the
 * interface as well.
 */
function groupOf({ family, interface: name }: Place): Source {
  return { address: family === 4 ? GROUPS[4] : `${GROUPS[6]}%${name}`, port: MDNS_PORT };
}

/** The address is no name: looked up in no time, so that Deno's refusal is thrown here and not to nobody. */
function optionsFor({ family }: Place): SocketOptions {
  const lookup: SocketOptions["lookup"] = (host, _options, done) => done(null, host, family);
  // Other responders of this machine are bound to the same port.
  return { type: `udp${family}`, reuseAddr: true, lookup };
}

function bound(socket: Socket, place: Place): Promise<void> {
  return new Promise((done, fail) => {
    socket.once("error", fail);
    socket.once("listening", () => {
      socket.off("error", fail);
      done();
    });
    socket.bind(groupOf(place));
  });
}

function joinGroup(socket: Socket, { family, interface: name, address }: Place): void {
  const via = family === 4 ? address : `::%${name}`;
  socket.addMembership(GROUPS[family], via);
  socket.setMulticastInterface(via);
  socket.setMulticastTTL(HOPS);
  socket.setTTL(HOPS);
}

function portOf(socket: Socket, group: Source): Port {
  return {
    send: (packet, to = group) =>
      new Promise((done, fail) =>
        socket.send(packet, to.port, to.address, (error) => error ? fail(error) : done())
      ),
    close: () =>
      new Promise((done) => {
        socket.once("close", done);
        socket.close();
      }),
  };
}
