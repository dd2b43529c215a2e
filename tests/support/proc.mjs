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

/** How many connections it has that came to `port` of this machine. @param {number} pid @param {number} port */
export async function connections_of(pid, port) {
  const files = (await readdir(`/proc/${pid}/fd`)).map((fd) =>
    readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''),
  );
  const own = new Set((await Promise.all(files)).map((name) => /^socket:\[(\d+)\]$/.exec(name)?.[1]));
  const at_port = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = '0A';
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state, , , , , , inode]) => {
      return local?.endsWith(at_port) && state !== listening && own.has(inode);
    }).length;
}
