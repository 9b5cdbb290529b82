/** What may cross a plugin border: nothing but JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Whether there is more than `levels` levels of lists and objects in it. */
export function deeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => deeperThan(levels - 1, inner));
}
