import { Buffer } from "node:buffer";
import { PassThrough } from "node:stream";
import type { Command } from "../ffmpeg/commands.ts";
import type { Tool } from "../ffmpeg/tool.ts";
import { flvFrame, flvStart } from "../flv.ts";

/** Of High profile, with one parameter set of each kind. */
export const CONFIG = Buffer.from([1, 100, 0, 31, 255, 225, 0, 3, 0x67, 1, 2, 1, 0, 2, 0x68, 3]);

/** A program that gives what a test tells it to. */
export class FakeTool implements Tool {
  readonly command: Command;
  readonly output = new PassThrough();
  readonly sound: PassThrough | undefined;
  readonly input: PassThrough | undefined;
  readonly ended: Promise<string>;
  /** It ends, with these words. */
  readonly die: (words: string) => void;
  killed = false;

  constructor(command: Command, takesInput: boolean) {
    this.command = command;
    this.sound = command.hasSound ? new PassThrough() : undefined;
    this.input = takesInput ? new PassThrough() : undefined;
    const ended = Promise.withResolvers<string>();
    this.ended = ended.promise;
    this.die = ended.resolve;
  }

  begin(): void {
    this.output.write(flvStart(CONFIG));
  }

  /** @param at its own time, ms */
  frame(at: number, key = false, content = ""): void {
    const data = Buffer.from([0, 0, 0, 1 + content.length, key ? 0x65 : 0x41, ...Buffer.from(content)]);
    this.output.write(flvFrame({ at, key, data }));
  }

  kill(): void {
    this.killed = true;
    this.output.end();
    this.die("");
  }
}
