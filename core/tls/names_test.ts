import assert from "node:assert/strict";
import { constraintsFor, isPrivate, localName, sortNames, within } from "./names.ts";

Deno.test("names and addresses are told apart, each in one spelling, without ports and zones", () => {
  const given = [
    "Door.Local",
    "door.local.",
    "door.local:8443",
    "10.0.0.7",
    "10.0.0.7:8443",
    "[FD00:0:0::5]:443",
    "fd00::5",
    "fe80::1%eth0",
    "not a name",
    "-x.local",
    "",
  ];
  assert.deepEqual(sortNames(given), { dns: ["door.local"], ips: ["10.0.0.7", "fd00::5"] });
});

Deno.test("an authority may vouch for what nobody on the internet has, and for what the owner named", () => {
  const constraints = constraintsFor(
    sortNames(["door.local", "door.example.org", "203.0.113.7", "2001:db8::7"]),
  );
  const asked = [
    "localhost",
    "front-door.local",
    "panel.lan",
    "door.example.org",
    "127.0.0.2",
    "192.168.1.9",
    "172.31.0.1",
    "203.0.113.7",
    "2001:db8::7",
    "fd12::1",
    "::1",
    "example.org",
    "evil-door.example.org",
    "notlocal",
    "172.32.0.1",
    "203.0.113.8",
    "2001:db8::8",
    "8.8.8.8",
  ];
  assert.deepEqual(within(constraints, sortNames(asked)).foreign, [
    "example.org",
    "evil-door.example.org",
    "notlocal",
    "172.32.0.1",
    "203.0.113.8",
    "2001:db8::8",
    "8.8.8.8",
  ]);
});

Deno.test("a public address of the machine is not private", () => {
  const addresses = ["192.168.1.2", "fd00::1", "fe80::1", "2a02:8108::1", "93.184.216.34"];
  assert.deepEqual(addresses.map(isPrivate), [true, true, true, false, false]);
});

Deno.test("the panel's name on the local network is made of what the household calls it", () => {
  const names: Record<string, string> = {
    "Front door": "front-door.local",
    "  Haustür Süd! ": "haustur-sud.local",
    "門": "latchkey.local",
    [`${"a".repeat(62)} b`]: `${"a".repeat(62)}.local`,
  };
  for (const [name, expected] of Object.entries(names)) assert.equal(localName(name), expected);
});
