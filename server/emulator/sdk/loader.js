// What the real SDK does as well: its first script adds a second one by assigning a plain string, which a page with
// Trusted Types lets through only by a default policy.
(() => {
  const first = /** @type {HTMLScriptElement} */ (document.currentScript);
  const second = document.createElement('script');
  second.src = first.src.replace('spotify-player.js', 'spotify-player-main.js');
  document.head.append(second);
})();
