/** What the panel takes: a test holds these against its own, which are not in the page's bundle. */
export const LONGEST_MS = 30_000;
export const LARGEST_BYTES = 2 * 1024 * 1024;
export const MOST = 8;
export const LONGEST_NAME = 40;
