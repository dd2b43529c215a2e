// Builds the client as a static host would serve it.
//
//   node pwa/build.mjs --wasm FILE --shell FILE --pages JSON --out DIRECTORY
//
// --shell is public/index.html with the prerendered markup, --pages the page table as cadenza-prerender prints it.
// The same input gives the same bytes. BACKEND_URL (or VITE_BACKEND_URL) goes to config.json.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import * as esbuild from 'esbuild';

import { rewrite_shell, stylesheets } from './html.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What is built, by path below the site's root. @typedef {Map<string, Buffer>} Site */

/** @param {Buffer} content */
const hash_of = (content) => createHash('sha256').update(content).digest('hex').slice(0, 12);

/** @param {Site} site @param {string} name such as "main.js" @param {Buffer} content */
function add_hashed(site, name, content) {
  const extension = extname(name);
  const path = `assets/${basename(name, extension)}-${hash_of(content)}${extension}`;
  site.set(path, content);
  return `/${path}`;
}

/** @type {esbuild.BuildOptions} */
const bundle = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  write: false,
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
};

/** @param {string} name of a host module @param {Record<string, unknown>} [define] */
async function bundle_script(name, define = {}) {
  const { outputFiles = [] } = await esbuild.build({
    ...bundle,
    entryPoints: [`wasm-client/host/${name}`],
    format: 'esm',
    external: ['/assets/*'],
    define: Object.fromEntries(Object.entries(define).map(([key, value]) => [key, JSON.stringify(value)])),
  });
  return Buffer.from(/** @type {esbuild.OutputFile} */ (outputFiles[0]).contents);
}

/**
 * All stylesheets as one; fonts and images they name become files of their own.
 * @param {Site} site
 * @param {string[]} sheets paths below public/
 */
async function bundle_styles(site, sheets) {
  const { outputFiles = [] } = await esbuild.build({
    ...bundle,
    stdin: {
      contents: sheets.map((sheet) => `@import "./${sheet}";`).join('\n'),
      loader: 'css',
      resolveDir: join(root, 'public'),
    },
    outdir: join(root, 'build/styles'),
    assetNames: 'assets/[name]-[hash]',
    publicPath: '/',
    loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file' },
  });
  const sheet = outputFiles.find(({ path }) => path.endsWith('.css'));
  let styles = sheet?.text ?? '';
  for (const { path, contents } of outputFiles) {
    if (path === sheet?.path) continue;
    // esbuild's own hashes may be letters only, which the server does not take for a hash.
    const name = basename(path).replace(/-[0-9A-Z]{8}(\.\w+)$/, '$1');
    styles = styles.replaceAll(`/assets/${basename(path)}`, add_hashed(site, name, Buffer.from(contents)));
  }
  return Buffer.from(styles);
}

/** @param {string[]} pages @param {{url: string, revision: string | null}[]} manifest */
async function bundle_worker(pages, manifest) {
  const { outputFiles = [] } = await esbuild.build({
    ...bundle,
    entryPoints: ['pwa/sw.js'],
    format: 'iife',
    define: {
      PAGE_PATTERNS: JSON.stringify(pages),
      'self.__WB_MANIFEST': JSON.stringify(manifest),
      'process.env.NODE_ENV': '"production"',
    },
  });
  return Buffer.from(/** @type {esbuild.OutputFile} */ (outputFiles[0]).contents);
}

/** Files that keep their names. @param {Site} site @param {string} from @param {(path: string) => boolean} wanted */
async function copy_files(site, from, wanted) {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const path = relative(from, join(entry.parentPath ?? entry.path, entry.name));
    if (entry.isFile() && wanted(path)) site.set(path, await readFile(join(from, path)));
  }
}

/**
 * What every visitor keeps: all that the first page needs, offline too. Other alphabets of the font, the screenshots
 * of the manifest and what reports errors are fetched when they are used.
 * @param {Site} site
 * @param {string} build
 * @param {string | undefined} font
 */
function precache_list(site, build, font) {
  const entries = [{ url: '/', revision: /** @type {string | null} */ (build) }];
  for (const [path, content] of [...site].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const url = `/${path}`;
    if (path === 'index.html' || path === 'robots.txt' || path.startsWith('screenshots/')) continue;
    if (path.startsWith('assets/report-')) continue;
    if (path.endsWith('.woff2') && url !== font) continue;
    entries.push({ url, revision: path.startsWith('assets/') ? null : hash_of(content) });
  }
  return entries;
}

/** @param {string | undefined} text */
function backend_origin(text) {
  if (!text) return '';
  const { origin } = new URL(text);
  if (origin !== text) throw new Error(`BACKEND_URL: ${text} is not an origin; ${origin} would be`);
  return origin;
}

/**
 * Writes `site` next to `out` and puts it in its place.
 * @param {Site} site
 * @param {string} out
 */
async function write_site(site, out) {
  const fresh = `${out}.new`;
  await rm(fresh, { recursive: true, force: true });
  // sw.js is changed by the server and config.json by whoever hosts the client, so neither has siblings.
  const compressible = /\.(?:html|css|js|wasm|svg|json|webmanifest|txt)$/;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  const writing = [...site].map(async ([path, content]) => {
    const file = join(fresh, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    if (!compressible.test(path) || path === 'sw.js' || path === 'config.json') return;
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content, quality));
    await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
  });
  await Promise.all(writing);
  await rm(out, { recursive: true, force: true });
  await mkdir(dirname(out), { recursive: true });
  await rename(fresh, out);
}

/** @param {{wasm: string, shell: string, pages: string[], out: string}} options */
export async function build_site({ wasm, shell, pages, out }) {
  /** @type {Site} */
  const site = new Map();
  const html = await readFile(shell, 'utf8');
  const style = add_hashed(site, 'styles.css', await bundle_styles(site, stylesheets(html)));
  const report = add_hashed(site, 'report.js', await bundle_script('report.js'));
  const host = await bundle_script('main.js', { PAGE_PATTERNS: pages, REPORT_MODULE: report });
  const script = add_hashed(site, 'main.js', host);
  const core = add_hashed(site, 'cadenza.wasm', await readFile(wasm));
  await copy_files(site, join(root, 'public'), (path) => !/^(?:styles|fonts)\/|^index\.html$/.test(path));
  await copy_files(site, join(root, 'pwa'), (path) =>
    /^(?:icons|screenshots)\/.*\.png$|\.webmanifest$/.test(path),
  );
  const latin = [...site.keys()].find((path) => /inter-latin-(?!ext).*\.woff2$/.test(path));
  const font = latin && `/${latin}`;

  const names = { script, style, core, font };
  site.set('index.html', Buffer.from(rewrite_shell(html, { ...names, build: '' })));
  const all = [...site]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => `${path} ${hash_of(content)}\n`);
  const build = hash_of(Buffer.from(all.join('')));
  site.set('index.html', Buffer.from(rewrite_shell(html, { ...names, build })));

  site.set('sw.js', await bundle_worker(pages, precache_list(site, build, font)));
  const backend = backend_origin(process.env.BACKEND_URL ?? process.env.VITE_BACKEND_URL);
  site.set('config.json', Buffer.from(`${JSON.stringify({ backend })}\n`));
  await write_site(site, out);
  return { build, files: site.size };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({ options: { wasm: text, shell: text, pages: text, out: text } });
  const { wasm, shell, pages, out } = values;
  if (!wasm || !shell || !pages || !out) {
    console.error('usage: node pwa/build.mjs --wasm FILE --shell FILE --pages JSON --out DIRECTORY');
    process.exit(2);
  }
  const { build, files } = await build_site({ wasm, shell, pages: JSON.parse(pages), out });
  console.log(`site: ${files} files, build ${build}`);
}
