import { BlockList } from "node:net";
import { isEverywhere } from "../../core/mod.ts";
import type { Interface, InterfaceAddress, Place } from "./network.ts";
import type { Addresses } from "./records.ts";

/** Where the panel is to be found by others. */
export interface Found {
  /** The same for as long as what was joined there still holds. */
  key: string;
  place: Place;
  /** Under which it can be reached there. */
  reached: Addresses;
  /** All of that interface. */
  addresses: readonly InterfaceAddress[];
}

const MOST_INTERFACES = 16;
/** Of a family, on an interface: an answer has to fit one packet. */
const MOST_ADDRESSES = 4;

/** The interfaces that a panel listening on `host` is reached through, each once for each family it has. */
export function placesOf(interfaces: readonly Interface[], host: string): Found[] {
  const listens = listensOn(host);
  return interfaces.flatMap(({ name, addresses }) => {
    const reached = addresses.filter(listens);
    return reached.length === 0 ? [] : [{ name, addresses, reached }];
  }).slice(0, MOST_INTERFACES).flatMap(({ name, addresses, reached }) =>
    ([4, 6] as const).flatMap((family): Found[] => {
      const own = addresses.find((one) => one.family === family && (family === 4 || one.scope !== 0)) ??
        addresses.find((one) => one.family === family);
      if (!own) return [];
      const { address, scope } = own;
      return [{
        key: `${name} ${family === 4 ? address : scope}`,
        place: { interface: name, family, address },
        reached: { v4: plainOf(reached, 4), v6: plainOf(reached, 6) },
        addresses,
      }];
    })
  );
}

function listensOn(host: string): (one: InterfaceAddress) => boolean {
  if (isEverywhere(host)) return host.includes(":") ? () => true : ({ family }) => family === 4;
  const only = new BlockList();
  only.addAddress(host, host.includes(":") ? "ipv6" : "ipv4");
  return ({ address, family }) => only.check(address, `ipv${family}`);
}

function plainOf(addresses: readonly InterfaceAddress[], of: 4 | 6): string[] {
  return addresses.filter(({ family }) => family === of).map(({ address }) => address).slice(
    0,
    MOST_ADDRESSES,
  );
}
