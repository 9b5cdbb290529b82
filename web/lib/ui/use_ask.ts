import { useState } from "preact/hooks";
import { messageOf } from "../api/problem.ts";

export interface Asking {
  /** Whether an answer is awaited. */
  asking: boolean;
  fault: string | undefined;
  setFault(fault: string | undefined): void;
  /** Does `work`, then `done` with what it brought; what went wrong becomes the fault. */
  ask<T>(work: () => Promise<T>, done: (result: T) => void): Promise<void>;
}

/** One request at a time, as a dialog makes them. */
export function useAsk(): Asking {
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();
  async function ask<T>(work: () => Promise<T>, done: (result: T) => void): Promise<void> {
    setAsking(true);
    setFault(undefined);
    try {
      done(await work());
    } catch (error) {
      setFault(messageOf(error));
    } finally {
      setAsking(false);
    }
  }
  return { asking, fault, setFault, ask };
}
