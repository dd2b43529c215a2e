// Two processes on one port: a session belongs to both, and one that ends takes nobody's session with it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { free_port, start_emulator, start_server } from '../e2e/processes.mjs';
import { children_of } from '../support/proc.mjs';
import { Page } from './page.mjs';

test('workers share sessions in cookies, and outlive one another', async () => {
  const emulator = await start_emulator(['--auto-approve', '--liked', '20']);
  const env = {
    PORT: String(await free_port()),
    WORKERS: '2',
    SESSION_STORE: 'cookie',
    SESSION_KEYS: `a:${'A'.repeat(43)}=`,
  };
  const server = await start_server(emulator.url, env);
  try {
    const page = new Page(server.url);
    await page.sign_in();
    const is_signed_in = async () => {
      // A connection of its own each time: the kernel chooses the worker.
      const answer = await page.fetch('/api/session', { headers: { connection: 'close' } });
      return (await answer.json()).authenticated;
    };
    for (let i = 0; i < 12; ++i) assert.equal(await is_signed_in(), true);
    const before = await children_of(server.pid);
    assert.equal(before.length, 2);
    process.kill(before[0], 'SIGKILL');
    for (let i = 0; i < 12; ++i) assert.equal(await is_signed_in(), true);
    const after = await children_of(server.pid);
    assert.equal(after.length, 2);
    assert.ok(!after.includes(before[0]));
  } finally {
    assert.equal(await server.stop(), 0);
    await emulator.stop();
  }
});
