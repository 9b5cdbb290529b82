/** The least program that could release a door over HTTP and log it: what the footprint is measured against. */
import { DatabaseSync } from "node:sqlite";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const [path, port] = Deno.args as [string, string];
const db = new DatabaseSync(path, { timeout: 5_000 });
db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
db.exec("CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, at REAL, point TEXT, outcome TEXT)");
const insert = db.prepare("INSERT INTO log (at, point, outcome) VALUES (?, ?, ?)");
const app = new Hono();
app.post("/access-points/:id/release", (context) => {
  insert.run(Date.now(), context.req.param("id"), "released");
  return context.json({ outcome: "released" });
});
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(port) });
