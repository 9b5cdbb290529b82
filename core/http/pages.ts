import type { Context as PanelContext } from "../plugin/plugin.ts";
import { type Page, pagesPoint } from "./keys.ts";
import { serveFile } from "./static.ts";

const OWN: Readonly<Record<string, string>> = { "/": "index.html", "/trust": "trust.html" };

/**
 * The panel's web site from the built files in `dir`: `/` is the household's page, `/trust` helps devices to trust the
 * panel, plugins contribute others, everything else is looked up by name. HTML only comes as a page, so that a page goes with its plugin.
 */
export function createPages(
  core: PanelContext,
  dir: string,
): (request: Request) => Promise<Response | undefined> {
  const pages = new Map<string, Page>();
  const fileOf = (path: string) => Object.hasOwn(OWN, path) ? OWN[path] : pages.get(path)?.file;
  core.watch(pagesPoint, {
    added(page, owner) {
      if (!/^\/[a-z][a-z0-9-]*$/.test(page.path) || fileOf(page.path) !== undefined) {
        core.log.warn("A page can't be served there", { path: page.path, owner });
        return;
      }
      pages.set(page.path, page);
    },
    removed(page) {
      if (pages.get(page.path) === page) pages.delete(page.path);
    },
  });
  return async (request) => {
    const { pathname } = new URL(request.url);
    const file = fileOf(pathname);
    if (!file && pathname.endsWith(".html")) return undefined;
    const knownTag = request.headers.get("if-none-match");
    return await serveFile({ dir, name: file ?? pathname.slice(1), knownTag });
  };
}
