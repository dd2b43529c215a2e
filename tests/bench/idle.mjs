// Opens keep-alive connections, lets each ask once, and holds them. As a program: idle.mjs <port> <count>; says
// "open" when all have been answered, and closes them when its input ends.

import { once } from 'node:events';
import { connect } from 'node:net';

const [port, count] = process.argv.slice(2).map(Number);
const request = `GET /livez HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;

async function open() {
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(request);
  const [answer] = await once(socket, 'data');
  if (!String(answer).startsWith('HTTP/1.1 200')) throw new Error(String(answer));
  socket.on('error', () => {});
  return socket;
}

/** @type {import('node:net').Socket[]} */
const sockets = [];
while (sockets.length < Number(count)) {
  const missing = Math.min(100, Number(count) - sockets.length);
  sockets.push(...(await Promise.all(Array.from({ length: missing }, open))));
}
process.stdout.write('open\n');
process.stdin.resume();
await once(process.stdin, 'end');
for (const socket of sockets) socket.destroy();
