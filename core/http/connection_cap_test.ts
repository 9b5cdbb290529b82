import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { createLog, type LogLine } from "../log.ts";
import { ConnectionCap } from "./connection_cap.ts";

function door(most: number) {
  const lines: LogLine[] = [];
  const cap = new ConnectionCap(
    most,
    createLog({ level: "debug", now: () => 0, sink: (line) => void lines.push(line) }),
  );
  /** A connection from there; whether it may stay. */
  function come(remoteAddress: string) {
    const socket = Object.assign(new EventEmitter(), { remoteAddress, destroyed: false });
    const destroy = () => {
      socket.destroyed = true;
      socket.emit("close");
    };
    cap.admit(Object.assign(socket, { destroy }) as unknown as Socket);
    return { stays: () => !socket.destroyed, leave: destroy };
  }
  const count = (addresses: string[]) => addresses.map(come).filter(({ stays }) => stays()).length;
  return { come, count, lines };
}

const HOME = "fd00:1:2:3";

Deno.test("I-25: one device of an IPv6 network takes no more than its part, and leaves the others theirs", () => {
  const { come, count } = door(64);
  assert.equal(count(Array(300).fill(`${HOME}::bad`)), 64);
  assert.ok(come(`${HOME}::a`).stays());
  assert.equal(count(Array(300).fill("10.0.0.1")), 64);
  assert.equal(count(Array(300).fill("::ffff:10.0.0.2")), 64);
});

Deno.test("I-25: one device with all the addresses of a network does not take all connections", () => {
  const { come, count, lines } = door(64);
  assert.equal(count(Array.from({ length: 300 }, (_, n) => `${HOME}::${n.toString(16)}`)), 192);
  assert.ok(come("10.0.0.1").stays());
  assert.ok(come("fd00:1:2:4::1").stays());
  assert.equal(lines.length, 1);
});

Deno.test("a connection that has ended makes room again, for its address and its network", () => {
  const { come, count } = door(1);
  const first = come(`${HOME}::1`);
  assert.equal(count([`${HOME}::1`]), 0);
  first.leave();
  assert.equal(count([`${HOME}::1`, `${HOME}::2`, `${HOME}::3`, `${HOME}::4`]), 3);
});
