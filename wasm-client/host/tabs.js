// Tabs of one browser share a cookie, so each must hear when the account changes in another.

/** @typedef {import('./events.js').Dispatch} Dispatch */

/** @param {Dispatch} dispatch */
export function tab_commands(dispatch) {
  const channel = new BroadcastChannel('cadenza');
  channel.onmessage = ({ data }) => {
    if (typeof data?.account === 'string') dispatch({ account_signalled: { account: data.account } });
  };
  return {
    /** @param {import('./protocol.js').CommandSignalAccount} command */
    signal_account: ({ account }) => channel.postMessage({ account }),
  };
}
