import { LatchkeyError } from "../errors.ts";

export const SHORTEST_PASSPHRASE = 12;
const LONGEST = 200;

/**
 * A passphrase good enough to lock a backup with, in one spelling. The message never holds it.
 * @throws {LatchkeyError} `passphrase-refused`
 */
export function checkedPassphrase(text: string): string {
  const passphrase = spelled(text);
  const length = [...passphrase].length;
  if (length < SHORTEST_PASSPHRASE || length > LONGEST) {
    throw refused(
      `It has ${length} characters, and must have ${SHORTEST_PASSPHRASE} to ${LONGEST}. Whoever finds the backup ` +
        "may try as often as they like: take five words at random",
    );
  }
  if (/\p{Cc}/u.test(passphrase)) throw refused("It holds a control character, which nobody can type");
  return passphrase;
}

/** One spelling of what keyboards spell differently: "é" as one character, not as two. */
export function spelled(text: string): string {
  return text.normalize("NFC");
}

function refused(why: string): LatchkeyError {
  return new LatchkeyError("passphrase-refused", `Cannot take this passphrase. ${why}`, {
    faults: [{ field: "passphrase", message: `${SHORTEST_PASSPHRASE} to ${LONGEST} characters` }],
  });
}
