import assert from "node:assert/strict";
import { LatchkeyError } from "../errors.ts";
import { checkedPassphrase } from "./passphrase.ts";

const refused = (text: string): LatchkeyError => {
  try {
    checkedPassphrase(text);
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
  }
  throw new Error(`"${text}" was taken`);
};

Deno.test("a passphrase has 12 to 200 characters, of whatever script", () => {
  const good = [
    "twelve chars",
    "x".repeat(200),
    "Zwölf Zeichen",
    "四五个随机的词语放在一起吧",
    "🚪".repeat(12),
  ];
  for (const text of good) assert.equal(checkedPassphrase(text), text);
  for (const text of ["", "eleven char", "🚪".repeat(11), "x".repeat(201)]) {
    assert.equal(refused(text).code, "passphrase-refused");
  }
  assert.equal(refused("twelve\u0000chars").code, "passphrase-refused");
});

Deno.test("a refused passphrase is told by its length, never by itself", () => {
  const { message, faults } = refused("hunter2 :-)");
  assert.match(message, /11 characters, and must have 12 to 200/);
  assert.ok(!`${message}${JSON.stringify(faults)}`.includes("hunter2"));
});

Deno.test("a passphrase is the same from every keyboard, however it spells an accent", () => {
  assert.equal(checkedPassphrase("cafe\u0301 au lait"), checkedPassphrase("caf\u00e9 au lait"));
});
