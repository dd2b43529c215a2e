// Rewrites the shell for the built site: hashed names, preloads, the build id. The body is left as it is, byte
// for byte, because the core starts from the same markup.

/**
 * The stylesheets a page links to, in order.
 * @param {string} html
 */
export function stylesheets(html) {
  return [...html.matchAll(/<link\b[^>]*\brel="stylesheet"[^>]*>/g)].map(([tag]) => {
    const href = /\bhref="([^"]+)"/.exec(tag)?.[1];
    if (!href) throw new Error(`stylesheet without href: ${tag}`);
    return href.replace(/^\.?\//, '');
  });
}

const links = {
  manifest: 'href="/manifest.webmanifest"',
  icon: 'href="/icon.svg" type="image/svg+xml"',
  'apple-touch-icon': 'href="/icons/apple-touch-180.png"',
};

/**
 * @param {string} html
 * @param {{script: string, style: string, core: string, font: string | undefined, build: string}} names
 */
export function rewrite_shell(html, { script, style, core, font, build }) {
  const head_end = html.indexOf('</head>');
  if (head_end < 0) throw new Error('the shell has no </head>');
  const head = html
    .slice(0, head_end)
    .replace(/[ \t]*<link\b[^>]*\brel="stylesheet"[^>]*>\n?/g, '')
    .replace(/[ \t]*<script\b[^>]*><\/script>\n?/g, '')
    .replace(/<!--[^]*?-->\n?/g, '')
    .replace(
      /<html\b([^>]*)>/,
      (_, rest) => `<html${rest.replace(/ data-build="[^"]*"/, '')} data-build="${build}">`,
    );
  const ours = [
    `<link rel="stylesheet" href="${style}">`,
    `<link rel="modulepreload" href="${script}">`,
    `<link rel="preload" href="${core}" as="fetch" type="application/wasm" crossorigin data-core>`,
    ...(font ? [`<link rel="preload" href="${font}" as="font" type="font/woff2" crossorigin>`] : []),
    ...Object.entries(links)
      .filter(([name]) => !head.includes(`rel="${name}"`))
      .map(([name, rest]) => `<link rel="${name}" ${rest}>`),
    `<script type="module" src="${script}"></script>`,
  ];
  const body = html.slice(head_end).replace(/[ \t]*<script\b[^>]*\bsrc="[^"]*"[^>]*><\/script>\n?/g, '');
  return check(`${head.trimEnd()}\n${ours.join('\n')}\n${body}`);
}

/** What the Content-Security-Policy would refuse must not be built. @param {string} html */
function check(html) {
  const inline = /<style\b|<script\b(?![^>]*\bsrc=)|\sstyle="|\son[a-z]+="|javascript:/i.exec(html);
  if (inline)
    throw new Error(`the shell has inline code or style: ${html.slice(inline.index, inline.index + 60)}`);
  return html;
}
