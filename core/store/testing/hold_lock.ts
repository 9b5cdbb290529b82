/** Holds the lock on a data directory until it is killed: `hold_lock.ts DIR`. */
import process from "node:process";
import { lockData } from "../data_lock.ts";

lockData(process.argv[2] ?? "");
console.log("locked");
setInterval(() => {}, 60_000);
