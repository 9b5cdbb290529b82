import type { IntercomState } from "../../../plugins/intercom/keys.ts";
import { State } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";

const INTERCOM = "intercom";

/** Who is heard at the panel now. */
export class Talk extends State<{ talk: IntercomState["talk"] }> {
  readonly #board: Board;

  constructor(board: Board) {
    super({ talk: null });
    this.#board = board;
  }

  /** @returns stops */
  follow(): () => void {
    const heard = (name: string, value: unknown) => {
      const { id, state } = value as { id?: string; state?: IntercomState };
      if (name === "part.changed" && id === INTERCOM && state) this.set({ talk: state.talk });
    };
    this.#board.events.add(heard);
    return () => this.#board.events.delete(heard);
  }

  /** Takes it anew, where changes may have been missed. */
  async load(): Promise<void> {
    const parts = await this.#board.api.parts().catch(() => []);
    const state = parts.find(({ id }) => id === INTERCOM)?.state as IntercomState | undefined;
    this.set({ talk: state?.talk ?? null });
  }
}
