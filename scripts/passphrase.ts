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
  const [first = "", again = first] = await asked(["Passphrase: ", ...(twice ? ["The same again: "] : [])]);
  if (again !== first) throw new Error("The two are not the same");
  return first;
}

/** Reads a line from the terminal for each question and shows nothing of what is typed, not even in between. */
async function asked(questions: readonly string[]): Promise<string[]> {
  const { stdin, stderr } = process;
  const typing = new HiddenTyping();
  const answers: string[] = [];
  const complete = Promise.withResolvers<void>();

  function hear(piece: Uint8Array): void {
    const lines = typing.add(piece);
    if (lines === null) return complete.reject(new Error("No passphrase was given"));
    for (const line of lines) {
      answers.push(line);
      stderr.write(`\n${questions[answers.length] ?? ""}`);
    }
    if (answers.length >= questions.length) complete.resolve();
  }

  stdin.setRawMode(true);
  stdin.on("data", hear);
  stderr.write(questions[0]!);
  try {
    await complete.promise;
    return answers;
  } finally {
    stdin.off("data", hear);
    stdin.setRawMode(false);
  }
}

/** What a terminal without its own editing sends. */
export class HiddenTyping {
  readonly #decoder = new StringDecoder("utf8");
  #letters: string[] = [];

  /** @returns the lines that this ends; null where it was given up */
  add(piece: Uint8Array): string[] | null {
    const lines: string[] = [];
    for (const letter of this.#decoder.write(Buffer.from(piece))) {
      if (letter === CTRL_C || letter === CTRL_D) return null;
      if (letter === "\r" || letter === "\n") {
        lines.push(this.#letters.join(""));
        this.#letters = [];
      } else if (letter === CTRL_U) this.#letters = [];
      else if (letter === DELETE || letter === "\b") this.#letters.pop();
      else this.#letters.push(letter);
    }
    return lines;
  }
}
