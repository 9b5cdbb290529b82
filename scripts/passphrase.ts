import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import process from "node:process";
import { StringDecoder } from "node:string_decoder";

/** Not `PANEL_…`: those are a panel's settings, and the supervisor hands them on in a command line. */
export const VARIABLE = "LATCHKEY_PASSPHRASE";

const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";
const DELETE = "\x7f";

export const PASSPHRASE_HELP =
  `The passphrase is asked for, without showing it. Where nobody can type it, it comes from
  --passphrase-file FILE   the first line of a file that only you can read, or
  ${VARIABLE}      a variable`;

/** @param twice whether a slip of the finger would be found out too late */
export async function passphraseFrom(file: string | undefined, twice: boolean): Promise<string> {
  if (file !== undefined) return readFileSync(file, "utf8").split(/\r?\n/, 1)[0]!;
  const given = process.env[VARIABLE];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) {
    throw new Error(`There is no terminal to ask for the passphrase: use --passphrase-file or ${VARIABLE}`);
  }
  const first = await ask("Passphrase: ");
  if (twice && await ask("The same again: ") !== first) throw new Error("The two are not the same");
  return first;
}

/** Reads a line from the terminal and shows nothing of it. */
async function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const line = new HiddenLine();
  const answer = Promise.withResolvers<string>();
  const hear = (piece: Uint8Array) => {
    const text = line.add(piece);
    if (text === null) answer.reject(new Error("No passphrase was given"));
    else if (text !== undefined) answer.resolve(text);
  };
  stdin.setRawMode(true);
  stderr.write(question);
  stdin.on("data", hear);
  try {
    return await answer.promise;
  } finally {
    stdin.off("data", hear);
    stdin.pause();
    stdin.setRawMode(false);
    stderr.write("\n");
  }
}

/** What a terminal without its own editing sends, up to Enter. */
export class HiddenLine {
  readonly #decoder = new StringDecoder("utf8");
  #letters: string[] = [];

  /** @returns the line once it is complete; null where it was given up */
  add(piece: Uint8Array): string | null | undefined {
    for (const letter of this.#decoder.write(Buffer.from(piece))) {
      if (letter === "\r" || letter === "\n") return this.#letters.join("");
      if (letter === CTRL_C || letter === CTRL_D) return null;
      if (letter === CTRL_U) this.#letters = [];
      else if (letter === DELETE || letter === "\b") this.#letters.pop();
      else this.#letters.push(letter);
    }
    return undefined;
  }
}
