// A real nginx before servers of a test, on 127.0.0.1.

import { start_nginx } from '../deploy/support.mjs';

/**
 * One that hands requests to `servers` in turn, and to another when one does not answer.
 * @param {string} folder
 * @param {number} port
 * @param {number[]} servers their ports
 */
export const start_balancer = (folder, port, servers) =>
  start_nginx(
    folder,
    `upstream cadenza {
  ${servers.map((own) => `server 127.0.0.1:${own} max_fails=1 fail_timeout=2s;`).join('\n  ')}
  keepalive 32;
  keepalive_timeout 50s;
  keepalive_requests 900;
}
server {
  listen 127.0.0.1:${port};
  keepalive_requests 100000;
  location / {
    proxy_pass http://cadenza;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_connect_timeout 2s;
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries 2;
  }
}`,
    port,
  );
