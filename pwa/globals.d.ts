// What the service worker uses of its global scope: TypeScript's own description of workers cannot be loaded
// together with that of pages.

interface Window {
  /** What is kept from the start, written in by pwa/build.mjs. */
  readonly __WB_MANIFEST: { url: string; revision: string | null }[];
}

interface ExtendableEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface ServiceWorkerGlobalScope {
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'message', listener: (event: ExtendableEvent & MessageEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  /** Appended to sw.js by the server: a hash of the headers it sends. */
  cadenzaHeaders?: string;
}
