/** What is wrong with a new passphrase that was typed twice, as a sentence; whether it is good enough the panel says. */
export function passphraseFault(first: string, second: string): string | undefined {
  if (first === "") return "Type a passphrase.";
  // One spelling of what keyboards spell differently, as the panel has it.
  return first.normalize("NFC") === second.normalize("NFC")
    ? undefined
    : "The two are not the same. Type both again.";
}
