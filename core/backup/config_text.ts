import { readConfigFile } from "../config/surroundings.ts";

/**
 * A configuration as it may lie in a data directory, where it can't say which directory that is; undefined where there
 * is none.
 * @throws {LatchkeyError} `config-unreadable`
 */
export async function configText(path: string): Promise<string | undefined> {
  const text = readConfigFile(path);
  if (text === undefined || !/^["']?data["']?\s*:/m.test(text)) return text;
  const { YamlFile } = await import("../config/yaml_file.ts");
  try {
    const { document } = new YamlFile(text, path);
    document.delete("data");
    return document.toString({ lineWidth: 0 });
  } catch {
    // What a panel would not start with is kept as it is: whoever restores it sees it as it was.
    return text;
  }
}
