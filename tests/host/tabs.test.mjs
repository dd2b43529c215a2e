import assert from 'node:assert/strict';
import { test } from 'node:test';

import { recorder, until } from './page.mjs';

const { tab_commands } = await import('../../wasm-client/host/tabs.js');

test('the other tabs hear of another account, the own does not, and noise is ignored', async (t) => {
  /** @type {BroadcastChannel[]} */
  const channels = [];
  const Real = BroadcastChannel;
  globalThis.BroadcastChannel = class extends Real {
    /** @param {string} name */
    constructor(name) {
      super(name);
      channels.push(this);
    }
  };
  t.after(() => channels.forEach((channel) => channel.close()));
  const [here, there] = [recorder(), recorder()];
  const commands = tab_commands(here.dispatch);
  tab_commands(there.dispatch);
  const noise = new BroadcastChannel('cadenza');
  noise.postMessage('noise');
  noise.postMessage({ account: 'a1' }); // of an older version
  commands.signal_account({ account: '', logout_pending: 'a2' });
  await until(() => there.inputs.length > 0);
  assert.deepEqual(there.inputs, [{ account_signalled: { account: '', logout_pending: 'a2' } }]);
  assert.deepEqual(here.inputs, []);
});
