import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import prettier from 'prettier';

import { declarations } from '../../pwa/protocol.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('the declarations the host modules are checked against are those of the C++ structs', async () => {
  const file = `${root}wasm-client/host/protocol.d.ts`;
  const schema = execFileSync(`${root}build/bin/cadenza-prerender`, ['--protocol'], { encoding: 'utf8' });
  const generated = declarations(JSON.parse(schema));
  const options = { ...(await prettier.resolveConfig(file)), filepath: file };
  assert.equal(
    readFileSync(file, 'utf8'),
    await prettier.format(generated, options),
    'run ./dev format after: build/bin/cadenza-prerender --protocol | node pwa/protocol.mjs >wasm-client/host/protocol.d.ts',
  );
});
