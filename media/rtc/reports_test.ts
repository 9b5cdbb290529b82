import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { highestReceived, isReport } from "./reports.ts";

function packet(kind: number, count: number, body: Buffer): Buffer {
  const head = Buffer.from([0x80 | count, kind, 0, body.length / 4]);
  return Buffer.concat([head, body]);
}

function words(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, i) => bytes.writeUInt32BE(number, i * 4));
  return bytes;
}

const block = (ssrc: number, highest: number) => words(ssrc, 0, highest, 0, 0, 0);
const RECEIVER = packet(201, 2, Buffer.concat([words(1), block(7, 70), block(8, 0x1_0050)]));
const SENDER = packet(200, 1, Buffer.concat([words(1, 0, 0, 0, 0, 0), block(9, 90)]));
const NAME = packet(202, 1, words(1, 0x01020000));

Deno.test("what a receiver says to have got is read from its reports, of each stream, in whichever packet it stands", () => {
  assert.equal(highestReceived(RECEIVER, 8), 0x1_0050);
  assert.equal(highestReceived(SENDER, 9), 90);
  assert.equal(highestReceived(Buffer.concat([NAME, SENDER, RECEIVER]), 7), 70);
  assert.equal(highestReceived(RECEIVER, 9), undefined);
  assert.ok(isReport(RECEIVER) && isReport(SENDER) && !isReport(NAME));
});

Deno.test("a report that is cut off says nothing", () => {
  const all = Buffer.concat([NAME, RECEIVER]);
  for (let length = 0; length < all.length; length++) {
    assert.equal(highestReceived(all.subarray(0, length), 8), undefined, `${length} bytes`);
  }
  const lying = Buffer.from(RECEIVER);
  lying[3] = 4;
  assert.equal(highestReceived(lying, 8), undefined, "it claims more blocks than it has");
});
