/** Saves once and says what became of it: `save_once.ts FILE`. */
import process from "node:process";
import { LatchkeyError } from "../../errors.ts";
import { savePluginSettings } from "../save.ts";

try {
  savePluginSettings(process.argv[2] ?? "", "strike", { pulseMs: 900 });
  console.log("saved");
} catch (error) {
  console.log(error instanceof LatchkeyError ? error.code : error);
}
