const HEAD_BYTES = 27;
/** `OpusHead` and `OpusTags`. */
const HEADERS = 2;
const PART_BYTES = 255;

/** Takes the packets of Opus out of an Ogg stream of which each page holds whole ones, as the panel makes it. */
export class OggPackets {
  #rest = new Uint8Array();
  #headers = 0;

  /** @returns those that are whole with this */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    const packets: Uint8Array<ArrayBuffer>[] = [];
    let at = 0;
    while (at + HEAD_BYTES <= bytes.length) {
      const parts = bytes[at + HEAD_BYTES - 1]!;
      const lengths = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + parts);
      let from = at + HEAD_BYTES + parts;
      const end = lengths.reduce((sum, length) => sum + length, from);
      if (lengths.length < parts || end > bytes.length) break;
      let to = from;
      for (const length of lengths) {
        to += length;
        if (length === PART_BYTES) continue;
        if (this.#headers < HEADERS) this.#headers++;
        else packets.push(bytes.slice(from, to));
        from = to;
      }
      at = end;
    }
    this.#rest = bytes.slice(at);
    return packets;
  }
}
