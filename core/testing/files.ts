import { join } from "node:path";
import type { FilesService } from "../files.ts";
import { openStore } from "../store/database.ts";

export { setupFiles as provideFiles } from "../files.ts";

/** Files and indexes of a plugin in this directory. */
export function filesIn(dir: string): FilesService {
  return {
    directory: () => Promise.resolve(dir),
    index: (name, migrations) =>
      Promise.resolve({ store: openStore(join(dir, `${name}.db`), { migrations }), lost: false }),
  };
}
