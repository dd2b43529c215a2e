// Tabs of one browser share a cookie, so each must hear when the account changes in another.

/** @typedef {import('./events.js').Dispatch} Dispatch */

/** @param {Dispatch} dispatch */
export function tab_commands(dispatch) {
  const channel = new BroadcastChannel('cadenza');
  channel.onmessage = ({ data }) => {
    const { account, logout_pending } = data ?? {};
    if (typeof account === 'string' && typeof logout_pending === 'string')
      dispatch({ account_signalled: { account, logout_pending } });
  };
  return {
    /** @param {import('./protocol.js').CommandSignalAccount} command */
    signal_account: (command) => channel.postMessage(command),
  };
}
