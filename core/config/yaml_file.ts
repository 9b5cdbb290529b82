import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";

/** A parsed configuration file that knows where in it a value stands. */
export class YamlFile {
  readonly #name: string;
  readonly #lines: LineCounter;
  readonly #document: Document;

  /** @throws {LatchkeyError} `config-invalid` with line and column */
  constructor(text: string, name: string) {
    this.#name = name;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const { errors, contents } = this.#document;
    if (errors.length > 0) {
      const faults = errors.map(({ pos, message }) => ({ field: this.#at(pos[0]), message }));
      const sentence = faults.map(({ field, message }) => `${field}: ${message}`).join("; ");
      throw new LatchkeyError("config-invalid", `Cannot read the configuration: ${sentence}`, { faults });
    }
    if (contents !== null && !isMap(contents)) {
      throw new LatchkeyError(
        "config-invalid",
        `Cannot read the configuration: ${name} must hold fields such as "port: 8080"`,
      );
    }
  }

  get document(): Document {
    return this.#document;
  }

  /** @throws {LatchkeyError} `config-invalid` where an alias leads nowhere or to too much */
  values(): Record<string, unknown> {
    try {
      return (this.#document.toJS() ?? {}) as Record<string, unknown>;
    } catch (error) {
      throw new LatchkeyError(
        "config-invalid",
        `Cannot read the configuration ${this.#name}: ${errorText(error)}`,
      );
    }
  }

  /** Where the value at `path` stands, or the nearest that holds it. */
  where(path: readonly string[]): string {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] | null }
        | undefined;
      if (node?.range) return this.#at(node.range[0]);
    }
    return this.#name;
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#name}, line ${line}, column ${col}`;
  }
}
