import { type Cancel, LatchkeyError } from "../../core/mod.ts";
import type { BoardModel } from "./model.ts";
import type { BoardPort, PortListener } from "./port.ts";
import { type CommandArgs, type CommandName, type CommandResult, runCommand } from "./protocol.ts";

/** A port straight onto a model, for tests: the model outlives the runtime as hardware does, and the wire can be cut. */
export class InProcessPort implements BoardPort {
  readonly #board: BoardModel;
  #up = true;
  #listener: PortListener | undefined;
  #unlisten: Cancel = () => {};

  constructor(board: BoardModel) {
    this.#board = board;
  }

  open(listener: PortListener): Cancel {
    this.#listener = listener;
    this.#connect();
    return () => this.abandon();
  }

  call<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandResult<Name>> {
    return new Promise((done) => {
      if (!this.#up || !this.#listener) {
        throw new LatchkeyError("output-failed", "The board can't be reached", { status: 502 });
      }
      done(runCommand(this.#board, name, args));
    });
  }

  /** Cuts or joins the wire. */
  setWire(up: boolean): void {
    if (up === this.#up) return;
    this.#up = up;
    if (up) return this.#connect();
    this.#unlisten();
    this.#listener?.link(false);
  }

  /** The runtime's side is gone, without a word: what a crash does. */
  abandon(): void {
    this.#unlisten();
    this.#listener = undefined;
  }

  #connect(): void {
    const listener = this.#listener;
    if (!listener || !this.#up) return;
    this.#unlisten = this.#board.listen((event) => listener.event(event));
    listener.link(true);
  }
}
