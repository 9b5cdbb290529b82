import assert from "node:assert/strict";
import { reachedAt } from "./reach.ts";

Deno.test("the link that a panel prints is good on another device: a given name, else an address of the machine", () => {
  const at = (host: string, hosts: string[], ...addresses: string[]) =>
    reachedAt({ host, hosts }, () => addresses);
  assert.equal(at("192.168.1.5", ["door.lan"], "10.0.0.7"), "192.168.1.5");
  assert.equal(at("0.0.0.0", ["door.lan"], "10.0.0.7"), "door.lan");
  assert.equal(at("0.0.0.0", [], "fd00::7", "10.0.0.7"), "10.0.0.7");
  assert.equal(at("::", [], "fd00::7"), "fd00::7");
  assert.equal(at("::", []), "::1");
  assert.equal(at("0.0.0.0", []), "127.0.0.1");
});
