// Loads the core and calls it: one string of JSON in, one out. No Emscripten code is involved, so the same file
// works in the page, in a worker and in Node.

/**
 * @typedef {object} Exports
 * @property {WebAssembly.Memory} memory
 * @property {() => void} [_initialize]
 * @property {(size: number) => number} app_alloc
 * @property {(at: number) => void} app_free
 * @property {(at: number, size: number) => number} app_call  32-bit length, then that many bytes; freed by us
 */

/**
 * @param {Response | Promise<Response> | BufferSource} source the module
 * @returns {Promise<(json: string) => string>}
 */
export async function load_core(source) {
  /** @type {WebAssembly.Memory} */
  let memory;
  let complaint = '';
  const text = (/** @type {number} */ at, /** @type {number} */ size) =>
    new TextDecoder().decode(new Uint8Array(memory.buffer, at, size));
  const imports = {
    env: { emscripten_notify_memory_growth() {} },
    wasi_snapshot_preview1: {
      /** @param {number} code */
      proc_exit(code) {
        throw new Error(`core stopped with ${code}: ${complaint}`);
      },
      fd_close: () => 0,
      fd_seek: () => 70, // ESPIPE: not seekable
      /** What the core writes before it aborts. @type {(fd: number, list: number, count: number, out: number) => number} */
      fd_write(_, list, count, out) {
        const view = new DataView(memory.buffer);
        let written = 0;
        for (let i = 0; i < count; i++) {
          const size = view.getUint32(list + 8 * i + 4, true);
          complaint += text(view.getUint32(list + 8 * i, true), size);
          written += size;
        }
        view.setUint32(out, written, true);
        return 0;
      },
    },
  };
  const { instance } =
    ArrayBuffer.isView(source) || source instanceof ArrayBuffer
      ? await WebAssembly.instantiate(/** @type {BufferSource} */ (source), imports)
      : await WebAssembly.instantiateStreaming(source, imports);
  const core = /** @type {Exports} */ (/** @type {unknown} */ (instance.exports));
  memory = core.memory;
  core._initialize?.();

  return (json) => {
    const bytes = new TextEncoder().encode(json);
    const question = core.app_alloc(bytes.length);
    new Uint8Array(memory.buffer).set(bytes, question);
    const answer = core.app_call(question, bytes.length);
    core.app_free(question);
    // The memory may have grown during the call, which detaches every earlier view of it.
    const reply = text(answer + 4, new DataView(memory.buffer).getUint32(answer, true));
    core.app_free(answer);
    return reply;
  };
}
