// The client's start: the shell is painted already; load the core, say where we are, play back what was done.

import { basic_commands } from './commands.js';
import { load_core } from './core.js';
import { settle } from './dom.js';
import { caught, error_commands, listen_errors } from './errors.js';
import { listen } from './events.js';
import { history_commands, listen_history } from './history.js';
import { Host } from './host.js';
import { media_commands } from './media.js';
import { page_matcher } from './pages.js';
import { listen_progress, refresh_progress } from './progress.js';
import { listen_rows } from './rows.js';
import { sdk_commands } from './sdk.js';
import { listen_sliders } from './sliders.js';
import { listen_splitters, refresh_splitters } from './splitters.js';
import { read_backend, read_meta, storage_commands } from './storage.js';
import { tab_commands } from './tabs.js';
import { refused } from './trusted.js';
import { take_waiting_version, update_commands, watch_for_updates } from './update.js';
import { listen_windows, refresh_windows } from './window.js';

const host = new Host();
const { dispatch } = host;

listen_errors();
listen(dispatch, page_matcher(PAGE_PATTERNS));

/** @param {unknown} error */
function failed(error) {
  console.error(error);
  caught('core', error);
  document.documentElement.dataset.state = 'failed';
}

async function start() {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[data-core]'));
  if (!link) throw new Error('the page names no core');
  const [core, meta, backend, replaced] = await Promise.all([
    load_core(fetch(link.href)),
    read_meta(),
    read_backend(),
    take_waiting_version(),
  ]);
  if (replaced) return;

  const after = () => {
    refresh_progress();
    refresh_splitters();
    refresh_windows(dispatch);
  };
  /** @type {import('./host.js').Commands} */
  const commands = {
    ...basic_commands(dispatch),
    ...error_commands(),
    ...history_commands,
    ...media_commands(dispatch),
    ...sdk_commands(dispatch),
    ...storage_commands(dispatch),
    ...tab_commands(dispatch),
    ...update_commands,
  };
  host.connect(core, { commands, after, failed });
  listen_history(dispatch);
  listen_progress();
  listen_rows();
  listen_sliders();
  listen_splitters();
  listen_windows(dispatch);
  settle();
  refresh_splitters();
  host.start({
    address: location.pathname + location.search,
    online: navigator.onLine,
    visible: document.visibilityState === 'visible',
    touch: matchMedia('(pointer: coarse)').matches,
    shell: document.documentElement.dataset.shell ?? '',
    backend,
    meta,
  });
  await watch_for_updates(dispatch);
}

// For the doctor and the tests: what the Trusted Types policies refused.
Object.assign(globalThis, { cadenza: { refused } });
start().catch(failed);
