import assert from "node:assert/strict";
import type { Interface } from "./network.ts";
import { onLink } from "./network.ts";
import { placesOf } from "./places.ts";

const WIRED: Interface = {
  name: "eth0",
  addresses: [
    { address: "192.168.7.20", family: 4, prefix: 24, scope: 0 },
    { address: "fd00::20", family: 6, prefix: 64, scope: 0 },
    { address: "fe80::20", family: 6, prefix: 64, scope: 2 },
  ],
};
const RADIO: Interface = {
  name: "wlan0",
  addresses: [{ address: "10.0.0.20", family: 4, prefix: 8, scope: 0 }],
};

const found = (host: string, interfaces = [WIRED, RADIO]) =>
  placesOf(interfaces, host).map(({ place, reached }) => [
    `${place.interface} ${place.family} ${place.address}`,
    [...reached.v4, ...reached.v6].join(" "),
  ]);

Deno.test("a panel that listens everywhere is found through every interface, at its addresses there", () => {
  assert.deepEqual(found("::"), [
    ["eth0 4 192.168.7.20", "192.168.7.20 fd00::20 fe80::20"],
    ["eth0 6 fe80::20", "192.168.7.20 fd00::20 fe80::20"],
    ["wlan0 4 10.0.0.20", "10.0.0.20"],
  ]);
});

Deno.test("one that listens on IPv4 only names no other address, but is asked by IPv6 too", () => {
  assert.deepEqual(found("0.0.0.0"), [
    ["eth0 4 192.168.7.20", "192.168.7.20"],
    ["eth0 6 fe80::20", "192.168.7.20"],
    ["wlan0 4 10.0.0.20", "10.0.0.20"],
  ]);
});

Deno.test("one that listens on an address is found through that interface and at that address alone", () => {
  assert.deepEqual(found("10.0.0.20"), [["wlan0 4 10.0.0.20", "10.0.0.20"]]);
  assert.deepEqual(found("FD00:0::20").map(([, reached]) => reached), ["fd00::20", "fd00::20"]);
  assert.deepEqual(found("192.168.7.21"), []);
});

Deno.test("an interface with countless addresses, or countless interfaces, stay within bounds", () => {
  const addresses = Array.from(
    { length: 50 },
    (_, i) => ({ ...RADIO.addresses[0]!, address: `10.0.1.${i}` }),
  );
  const many = Array.from({ length: 50 }, (_, i) => ({ name: `veth${i}`, addresses }));
  const places = placesOf(many, "0.0.0.0");
  assert.equal(places.length, 16);
  assert.ok(places.every(({ reached }) => reached.v4.length === 4));
});

Deno.test("near is what shares the link: the interface's own ranges and addresses that hold on one link only", () => {
  const isNear = onLink(WIRED.addresses);
  for (const near of ["192.168.7.1", "169.254.3.4", "fe80::1", "fe80::1%eth0", "fd00::1"]) {
    assert.ok(isNear(near), near);
  }
  for (const far of ["192.168.8.1", "10.0.0.20", "8.8.8.8", "2001:db8::1", "fd01::1", "nonsense", ""]) {
    assert.ok(!isNear(far), far);
  }
});
