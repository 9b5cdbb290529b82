import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { configLeaves } from "../core/config/leaves.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** GitHub's rule for the anchor of a heading. */
function anchors(markdown: string): Set<string> {
  const headings = withoutCode(markdown).matchAll(/^#{1,6}\s+(.+)$/gm);
  return new Set(
    [...headings].map(([, text = ""]) =>
      text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-")
    ),
  );
}

/** What a page points to that is not there. External addresses are not followed. */
export function brokenLinks(file: string): string[] {
  const markdown = readFileSync(file, "utf8");
  const links = withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g);
  return [...links].map(([, link, attribute]) => link ?? attribute ?? "").filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && target.endsWith(".md") &&
      !anchors(readFileSync(target, "utf8")).has(anchor);
  });
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```.*?^```/gms, "");
}

function pages(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || ["node_modules", "data"].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pages(path) : path.endsWith(".md") ? [path] : [];
  });
}

Deno.test("documentation: every link between the pages leads somewhere", () => {
  const broken = pages(ROOT).flatMap((file) =>
    brokenLinks(file).map((link) => `${relative(ROOT, file)} → ${link}`)
  );
  assert.deepEqual(broken, []);
});

Deno.test("documentation: every setting of the panel itself is explained, with its default", () => {
  const page = readFileSync(join(ROOT, "docs/configuration.md"), "utf8");
  const rows = new Map(
    [...page.matchAll(/^\| `([\w.]+)`\s*\|\s*(\S+)/gm)].map(([, name, value]) => [name, value]),
  );
  const leaves = configLeaves([]).filter(({ path }) => path[0] !== "plugins");
  for (const { name, schema } of leaves.filter(({ schema }) => typeof schema.default === "number")) {
    assert.equal(rows.get(name), `\`${schema.default}\``, name);
  }
  assert.deepEqual(leaves.map(({ name }) => name).filter((name) => !rows.has(name)), []);
});

Deno.test("documentation: a link to a missing page, picture or heading is found", async () => {
  const dir = await Deno.makeTempDir({ prefix: "latchkey-" });
  try {
    const page = join(dir, "a.md");
    const text = `# A heading, with \`code\`\n[ok](#a-heading-with-code) [gone](b.md) [no](a.md#none)
      ![picture](c.svg) <img src="d.png"> [far](https://example.org/) \n\`\`\`\n[not one](x.md)\n\`\`\`\n`;
    await Deno.writeTextFile(page, text);
    assert.deepEqual(brokenLinks(page), ["b.md", "a.md#none", "c.svg", "d.png"]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
