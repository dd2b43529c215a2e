import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { declarations } from '../../pwa/protocol.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('the declarations the host modules are checked against are those of the C++ structs', () => {
  const schema = execFileSync(`${root}build/bin/cadenza-prerender`, ['--protocol'], { encoding: 'utf8' });
  assert.equal(
    readFileSync(`${root}wasm-client/host/protocol.d.ts`, 'utf8'),
    declarations(JSON.parse(schema)),
    'run: build/bin/cadenza-prerender --protocol | node pwa/protocol.mjs >wasm-client/host/protocol.d.ts',
  );
});
