import type { Cancel } from "../core/mod.ts";
import type { CommandArgs, CommandName, CommandResult, MediaEvent } from "./protocol.ts";

export interface MediaListener {
  event(event: MediaEvent): void;
  /** The process can be reached, or no longer. Not told when the port is closed by this side. */
  link(up: boolean): void;
}

/** A way to the media process. */
export interface MediaPort {
  /** Connects, and stays connected until cancelled. */
  open(listener: MediaListener): Cancel;
  /** @throws {LatchkeyError} `media-away` (503) where it can't be reached, and what it refuses */
  call<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandResult<Name>>;
  /**
   * The bytes that an answer gave a key for.
   * @throws {LatchkeyError} `media-away` (503)
   */
  take(key: string): Promise<ReadableStream<Uint8Array>>;
}
