import type { BoardState, Edge, SimFault, SlotChange } from "../../../drivers/sim/keys.ts";
import type { CardState, RecorderView } from "../../../plugins/recorder/keys.ts";
import type { Client } from "../../lib/api/client.ts";

export interface Badge {
  id: string;
  name: string;
}

/** The simulated board as its plugin tells it. */
export interface BoardView extends Omit<BoardState, "edges"> {
  badges: Badge[];
  edges: Edge[];
}

const BASE = "/plugins/simulator";

/** The simulated hardware's hands and eyes, over the API. */
export class SimulatorApi {
  readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  board(): Promise<BoardView> {
    return this.client.get(`${BASE}/board`);
  }

  press(input: string): Promise<void> {
    return this.client.post(`${BASE}/inputs/${input}/press`);
  }

  setInput(input: string, active: boolean): Promise<void> {
    return this.client.post(`${BASE}/inputs/${input}`, { active });
  }

  present(badge: string): Promise<void> {
    return this.client.post(`${BASE}/readers/reader/present`, { badge });
  }

  remove(): Promise<void> {
    return this.client.post(`${BASE}/readers/reader/remove`);
  }

  setFault(fault: SimFault, active: boolean): Promise<void> {
    return this.client.post(`${BASE}/faults`, { fault, active });
  }

  setSlot(change: SlotChange): Promise<void> {
    return this.client.patch(`${BASE}/slot`, change);
  }

  /** What the panel makes of the memory card. */
  card(): Promise<CardState> {
    return this.client.get<RecorderView>("/plugins/recorder/state").then(({ card }) => card.state);
  }

  parts(): Promise<{ id: string; state: unknown }[]> {
    return this.client.get("/parts");
  }

  name(): Promise<string> {
    return this.client.get<{ name: string }>("/status").then(({ name }) => name);
  }
}
