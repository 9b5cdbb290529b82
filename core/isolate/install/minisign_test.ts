import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { isSignedBy, readKey, readSignature } from "./minisign.ts";

// Made by minisign 0.11: the legacy one with `-l`.
const CONTENT = "abc  mod.ts\n";
const KEY_ID = "7F15F4E4F04A102E";
const KEY = "RWQuEErw5PQVfw/CuBRo1oQM61MRqnEom/Yr+Oxo9vu1wrXW4LtnTBYB";
const OTHER = "RWQp9aJWY7Hdvp3hADKWS9iRnNEhOJAl6v9rwV5RHOFcdcYIgG7v6l/+";
const HASHED = `untrusted comment: signature from minisign secret key
RUQuEErw5PQVfxRZqFxqBhuztvnCIiWoiNSiBQoXkzHQ9R38UpSXnqcSeCnsI+qBQ29vN0LCqgiWwrgrheglCojNo4QIL0j5hg8=
trusted comment: timestamp:1795676755	file:S	hashed
mljYbH1QFKAWN95kAXwTnMxBbbPJkl2MEDL0qW/0+quKkAeaKn++Yt/U5kATlIimQj4qZshSSYNAgX3zrAskCQ==
`;
const LEGACY = `untrusted comment: signature from minisign secret key
RWQuEErw5PQVfwBv+1LHrUhpEGpYINfeGCPL+jf1fB149+rIsbNzYs6PFCN8S9veUgnhxNU6KQbYCg2Fr/uZmjgHSzISsXTSqAs=
trusted comment: timestamp:1795676755	file:S
hLqD/81Usw0+eZhxI599J/UUokdrmdd1BV+BbjsEwsH+oMkEGsMfdRGf60HaFXv1Ebg+nykbdTQ0QtEW+dR4Cw==
`;

Deno.test("a signature by minisign is taken, whether of the content or of its digest, and by its own key only", () => {
  const key = readKey(KEY);
  assert.equal(key.keyId, KEY_ID);
  for (const [text, hashed] of [[HASHED, true], [LEGACY, false]] as const) {
    const signature = readSignature(text);
    assert.deepEqual([signature.keyId, signature.hashed], [KEY_ID, hashed]);
    assert.equal(isSignedBy(key, signature, CONTENT), true);
    assert.equal(isSignedBy(key, signature, `${CONTENT} `), false);
    assert.equal(isSignedBy(readKey(OTHER), signature, CONTENT), false);
    const forged = Buffer.concat([
      Buffer.from(OTHER, "base64").subarray(0, 2),
      Buffer.from(KEY, "base64").subarray(2, 10),
      Buffer.from(OTHER, "base64").subarray(10),
    ]).toString("base64");
    assert.equal(
      isSignedBy(readKey(forged), signature, CONTENT),
      false,
      "another key that says it is this one",
    );
  }
});

Deno.test("a signature whose trusted comment was changed is none; the comment that nobody signs is not looked at", () => {
  const key = readKey(KEY);
  for (const text of [HASHED, LEGACY]) {
    assert.equal(
      isSignedBy(
        key,
        readSignature(text.replace("trusted comment: timestamp", "trusted comment: Timestamp")),
        CONTENT,
      ),
      false,
    );
    assert.equal(
      isSignedBy(key, readSignature(text.replace(/^untrusted comment: .*/, "untrusted comment: x")), CONTENT),
      true,
    );
  }
});

Deno.test("no bit of a signature, of either kind, can be changed", () => {
  const key = readKey(KEY);
  for (const text of [HASHED, LEGACY]) {
    for (const line of [1, 3]) {
      const lines = text.split("\n");
      const bytes = Buffer.from(lines[line]!, "base64");
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1 << at % 8;
        const forged = lines.with(line, changed.toString("base64")).join("\n");
        const isTaken = () => isSignedBy(key, readSignature(forged), CONTENT);
        if (line === 1 && at < 2) assert.throws(isTaken, { code: "plugin-signature" });
        else assert.equal(isTaken(), false, `byte ${at} of line ${line}`);
      }
    }
  }
});

Deno.test("what is no signature and no key is refused, with what is allowed", () => {
  const [first = "", second = "", ...rest] = HASHED.split("\n");
  const wrong = [
    "",
    "Hello",
    first,
    [first, second].join("\n"),
    [first, "!", ...rest].join("\n"),
    `${HASHED}more\n`,
    HASHED.replace("trusted", "Trusted"),
    [second, first, ...rest].join("\n"),
    [first, second.slice(4), ...rest].join("\n"),
  ];
  for (const text of wrong) {
    assert.throws(() => readSignature(text), { code: "plugin-signature", status: 422 }, text);
  }
  for (
    const text of ["", "RW", KEY.slice(1), `${KEY}A`, "A".repeat(56), `-----BEGIN PUBLIC KEY-----\n${KEY}`]
  ) {
    assert.throws(() => readKey(text), {
      code: "key-refused",
      status: 422,
      message: /56 characters that begin with RW/,
    }, text);
  }
  assert.equal(readKey(`untrusted comment: minisign public key ${KEY_ID}\n${KEY}\n`).text, KEY);
});
