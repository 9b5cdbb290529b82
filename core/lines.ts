import type { Socket } from "node:net";

/** Longest line either side accepts, characters: 10,000 edges with room to spare. */
const LONGEST = 4 * 1024 * 1024;

/** Hands on each line that `socket` sends. A line without end closes the connection. */
export function onLines(socket: Socket, line: (text: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST) return void socket.destroy();
    for (const text of lines) line(text);
  });
}

/** The value of a line, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
