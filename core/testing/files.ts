import type { FilesService } from "../files.ts";
import { openStore } from "../store/database.ts";

export { setupFiles as provideFiles } from "../files.ts";

/** Files in a directory of their own, without a panel. */
export function filesIn(dir: string): FilesService {
  return {
    directory: () => Promise.resolve(dir),
    index: (name, migrations) =>
      Promise.resolve({ store: openStore(`${dir}/${name}.db`, { migrations }), lost: false }),
  };
}
