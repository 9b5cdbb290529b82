import { checkedPassphrase, spelled } from "../../../core/backup/passphrase.ts";
import { messageOf } from "../../lib/api/problem.ts";

/** What is wrong with a new passphrase that was typed twice, as a sentence; the panel checks it again. */
export function passphraseFault(first: string, second: string): string | undefined {
  try {
    checkedPassphrase(first);
  } catch (error) {
    return messageOf(error);
  }
  return spelled(first) === spelled(second) ? undefined : "The two are not the same. Type both again.";
}
