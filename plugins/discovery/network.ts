import { BlockList, isIPv6 } from "node:net";

/** An interface of the machine that others can be reached by. */
export interface Interface {
  /** `eth0` */
  name: string;
  addresses: readonly InterfaceAddress[];
}

export interface InterfaceAddress {
  address: string;
  family: 4 | 6;
  /** Bits that all addresses on the same link begin with. */
  prefix: number;
  /** IPv6 only: the number of the interface, for addresses that hold on one link. */
  scope: number;
}

/** Who sent a packet. */
export interface Source {
  address: string;
  port: number;
}

/** A member of the group of multicast DNS, on one interface and in one family. */
export interface Port {
  /** To the group unless told. Rejects where it could not be sent. */
  send(packet: Uint8Array, to?: Source): Promise<void>;
  close(): Promise<void>;
}

export interface Place {
  interface: string;
  family: 4 | 6;
  /** Its own address of that family. */
  address: string;
}

export interface Network {
  /** Those that are up, but for loopback. */
  interfaces(): Interface[];
  /** @throws where the group can't be joined there */
  join(place: Place, hear: (packet: Uint8Array, from: Source) => void): Promise<Port>;
}

export const MDNS_PORT = 5353;

/** Whether a packet from that address can only come from the same link: nobody further away is ever answered. */
export function onLink(addresses: readonly InterfaceAddress[]): (address: string) => boolean {
  const near = new BlockList();
  near.addSubnet("169.254.0.0", 16, "ipv4");
  near.addSubnet("fe80::", 10, "ipv6");
  for (const { address, family, prefix } of addresses) near.addSubnet(address, prefix, `ipv${family}`);
  return (text) => {
    const address = text.replace(/%.*$/, "");
    return near.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  };
}
