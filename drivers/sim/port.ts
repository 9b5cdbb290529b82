import type { Cancel } from "../../core/mod.ts";
import type { BoardEvent } from "./model.ts";
import type { CommandArgs, CommandName, CommandResult } from "./protocol.ts";

export interface PortListener {
  event(event: BoardEvent): void;
  /** The board can be reached, or no longer. Not told when the port is closed by this side. */
  link(up: boolean): void;
}

/** A way to the simulated board: over its socket, or straight onto a model. */
export interface BoardPort {
  /** Connects, and stays connected until cancelled. */
  open(listener: PortListener): Cancel;
  /** @throws {LatchkeyError} `output-failed` (502) where the board can't be reached, and what the board refuses */
  call<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandResult<Name>>;
}
