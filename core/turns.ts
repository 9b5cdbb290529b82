/** Does a piece of work once those that were given before are over; how they ended does not matter to it. */
export type InTurn = <T>(work: () => T | Promise<T>) => Promise<T>;

/** What is given to it is done one after the other, in the order in which it came. */
export function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}
