export interface StreamEvent {
  id: string;
  name: string;
  /** JSON. */
  data: string;
}

/** Takes server-sent events apart as their text comes in pieces of any size. The panel ends lines with LF only. */
export class SseParser {
  #rest = "";
  #lastId = "";

  /** @returns the events that this piece completes */
  push(text: string): StreamEvent[] {
    const blocks = (this.#rest + text).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => this.#parse(block) ?? []);
  }

  #parse(block: string): StreamEvent | undefined {
    let name = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      const [, field, value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (field === "id") this.#lastId = value;
      if (field === "event") name = value;
      if (field === "data") data.push(value);
    }
    return data.length === 0 ? undefined : { id: this.#lastId, name, data: data.join("\n") };
  }
}
