import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

export interface CardEntry {
  name: string;
  bytes: number;
  /** Wall time, ms. */
  changedAt: number;
}

export interface Space {
  /** Bytes, as is `free`. */
  total: number;
  free: number;
}

/** What happens to an access before it is made: a simulated card is slow, full or fails here. Rejects as Node does. */
export type Guard = (access: "read" | "write", bytes: number) => Promise<void>;

export interface CardFile {
  readonly size: number;
  /** Fewer bytes where the file ends. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface CardWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** What was written is on the card when this resolves. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Files of one card, all in one directory. Each call may be slow, and rejects with Node's codes: nothing waits in the main loop. */
export class CardFiles {
  readonly #path: string;
  readonly #guard: Guard;
  readonly #space: (() => Promise<Space>) | undefined;

  /** @param space that of the file system unless given */
  constructor(path: string, guard: Guard = () => Promise.resolve(), space?: () => Promise<Space>) {
    this.#path = path;
    this.#guard = guard;
    this.#space = space;
  }

  async space(): Promise<Space> {
    await this.#guard("read", 0);
    if (this.#space) return await this.#space();
    const { bsize, blocks, bavail } = await statfs(this.#path);
    return { total: bsize * blocks, free: bsize * bavail };
  }

  /** Files only. */
  async list(): Promise<CardEntry[]> {
    await this.#guard("read", 0);
    const entries: CardEntry[] = [];
    for (const entry of await readdir(this.#path, { withFileTypes: true })) {
      if (!entry.isFile()) continue;
      // One that goes meanwhile is not there.
      const found = await stat(join(this.#path, entry.name)).catch(() => undefined);
      if (found) entries.push({ name: entry.name, bytes: found.size, changedAt: found.mtimeMs });
    }
    return entries;
  }

  async open(name: string): Promise<CardFile> {
    await this.#guard("read", 0);
    const path = join(this.#path, name);
    // Whoever had the card in another machine may have put a link there, which leads to the panel's own files.
    if (!(await lstat(path)).isFile()) throw noFile(`"${name}" is no file`);
    const handle = await open(path, "r");
    const { size } = await handle.stat();
    return {
      size,
      read: async (at, length) => {
        await this.#guard("read", length);
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)));
        let read = 0;
        while (read < bytes.length) {
          const { bytesRead } = await handle.read(bytes, read, bytes.length - read, at + read);
          if (bytesRead === 0) break;
          read += bytesRead;
        }
        return bytes.subarray(0, read);
      },
      close: () => handle.close(),
    };
  }

  /** A file of this name must not be there yet. */
  async create(name: string): Promise<CardWriter> {
    await this.#guard("write", 0);
    return this.#writer(await open(join(this.#path, name), "wx", 0o600));
  }

  /** All of a small file. Rejects with `ENOENT` where it has more than `most` bytes: nothing of ours has. */
  async read(name: string, most: number): Promise<Uint8Array> {
    const file = await this.open(name);
    try {
      if (file.size > most) throw noFile(`"${name}" has ${file.size} bytes, and at most ${most} are read`);
      return await file.read(0, file.size);
    } finally {
      await file.close();
    }
  }

  /** On the card when resolved, and never half. */
  async replace(name: string, bytes: Uint8Array): Promise<void> {
    await this.#guard("write", bytes.length);
    const fresh = `${name}.new`;
    await rm(join(this.#path, fresh), { force: true });
    const writer = this.#writer(await open(join(this.#path, fresh), "wx", 0o600));
    try {
      await writer.write(bytes);
      await writer.sync();
    } finally {
      await writer.close();
    }
    await rename(join(this.#path, fresh), join(this.#path, name));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#guard("write", 0);
    await rename(join(this.#path, from), join(this.#path, to));
  }

  /** Nothing where it is gone already. */
  async remove(name: string): Promise<void> {
    await this.#guard("write", 0);
    await rm(join(this.#path, name), { force: true });
  }

  /** Everything on the card, folders too. @param progress told of each, 0 to 1 */
  async erase(progress: (share: number) => void): Promise<void> {
    await this.#guard("write", 0);
    await mkdir(this.#path, { recursive: true });
    const names = (await readdir(this.#path)).filter((name) => name !== "lost+found");
    for (const [i, name] of names.entries()) {
      await this.#guard("write", 0);
      await rm(join(this.#path, name), { recursive: true, force: true });
      progress((i + 1) / names.length);
    }
  }

  #writer(handle: FileHandle): CardWriter {
    return {
      write: async (bytes) => {
        await this.#guard("write", bytes.length);
        for (let written = 0; written < bytes.length;) {
          written += (await handle.write(bytes, written)).bytesWritten;
        }
      },
      sync: async () => {
        await this.#guard("write", 0);
        await handle.datasync();
      },
      close: () => handle.close(),
    };
  }
}

function noFile(message: string): Error {
  return Object.assign(new Error(message), { code: "ENOENT" });
}
