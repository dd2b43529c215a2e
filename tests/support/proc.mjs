// What the kernel tells of a process.

import { readFile, readdir, readlink } from 'node:fs/promises';

/** @param {number} pid */
export async function children_of(pid) {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return list.trim().split(' ').filter(Boolean).map(Number);
}

/** The most memory it ever had, in MB. @param {number} pid */
export async function peak_memory_of(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

const established = '01';
const listening = '0A';

/** The sockets it has at `port` of this machine, but those that listen. @param {number} pid @param {number} port */
async function sockets_of(pid, port) {
  const files = (await readdir(`/proc/${pid}/fd`)).map((fd) =>
    readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''),
  );
  const own = new Set((await Promise.all(files)).map((name) => /^socket:\[(\d+)\]$/.exec(name)?.[1]));
  const at_port = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state, , , , , , inode]) => {
      return local?.endsWith(at_port) && state !== listening && own.has(inode);
    })
    .map(([, , remote = '', state]) => ({ remote, state }));
}

/** How many connections it has that came to `port` of this machine. @param {number} pid @param {number} port */
export async function connections_of(pid, port) {
  return (await sockets_of(pid, port)).length;
}

/**
 * Of them, those of one IPv4 address that neither side has begun to close.
 * @param {number} pid
 * @param {number} port
 * @param {string} address
 */
export async function open_connections_from(pid, port, address) {
  const bytes = address.split('.').reverse(); // as the kernel of a little-endian machine writes them
  const peer = bytes.map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0')).join('');
  const sockets = await sockets_of(pid, port);
  return sockets.filter(({ remote, state }) => remote.startsWith(`${peer}:`) && state === established).length;
}
