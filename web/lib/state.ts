import { useEffect, useState } from "preact/hooks";

/** A value that many parts of a page show. */
export class State<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(change: Partial<T> | ((value: T) => Partial<T>)): void {
    const next = typeof change === "function" ? change(this.#value) : change;
    this.#value = { ...this.#value, ...next };
    for (const listener of this.#listeners) listener();
  }

  /** @returns stops listening */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The value now; draws again when it changes. */
export function useValue<T>(state: State<T>): T {
  const [, draw] = useState(0);
  const shown = state.value;
  useEffect(() => {
    const again = () => draw((count) => count + 1);
    if (state.value !== shown) again();
    return state.listen(again);
  }, [state]);
  return shown;
}
