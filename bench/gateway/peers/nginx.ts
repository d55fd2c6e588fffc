import { join } from 'node:path';

export interface NginxOrder {
  /** Where its files lie, its own. */
  folder: string;
  port: number;
  workers: number;
  upstreamPort: number;
  /** Says 200 to a request whose token is good, 401 to others; absent: nginx only passes on. */
  verifyUrl?: string;
}

/**
 * The configuration of nginx as a gateway: with what our gateway does to each request where nginx can do it, in the ways its
 * documentation shows. A token is asked about once in 30 seconds, as ours are; limits are by address and by user; an
 * upstream that fails five times is left out for ten seconds; service and caller are told the same; the access log is on.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_auth_request_module.html
 */
export function nginxConfiguration({ folder, port, workers, upstreamPort, verifyUrl }: NginxOrder): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const policies = verifyUrl !== undefined;
  return `
    daemon off; worker_processes ${workers}; user root; pid ${join(folder, 'nginx.pid')};
    error_log ${join(folder, 'error.log')};
    events { worker_connections 8192; }
    http {
      access_log ${policies ? join(folder, 'access.log') : 'off'}; ${paths.join(' ')}
      keepalive_requests 100000000; client_max_body_size 16m;
      proxy_http_version 1.1; proxy_set_header Connection "";
      limit_req_zone $binary_remote_addr zone=address:10m rate=1000000r/s;
      limit_req_zone $http_authorization zone=user:10m rate=1000000r/s;
      ${policies ? `proxy_cache_path ${join(folder, 'verdicts')} keys_zone=verdicts:10m; open_file_cache max=1000;` : ''}
      upstream service {
        ${policies ? 'zone service 64k;' : ''}
        server 127.0.0.1:${upstreamPort} max_fails=5 fail_timeout=10s; keepalive 256; keepalive_requests 100000000;
      }
      server {
        listen 127.0.0.1:${port} backlog=4096;
        ${policies ? 'limit_req zone=address burst=1000000 nodelay; limit_req zone=user burst=1000000 nodelay;' : ''}
        location / { ${policies ? `auth_request /verify; ${told}` : ''} proxy_pass http://service; }
        ${policies ? verifying(verifyUrl) : ''}
      }
    }`;
}

// A place that sets any header of its own inherits none, so the one that keeps connections open stands here again.
const told = `
  proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Host $host; proxy_set_header X-Request-Id $request_id;
  proxy_set_header Connection "";
  add_header X-Request-Id $request_id; add_header X-Content-Type-Options nosniff; add_header Cache-Control no-store;`;

const verifying = (url: string) => `
  location = /verify {
    internal; proxy_pass ${url}; proxy_pass_request_body off; proxy_set_header Content-Length "";
    proxy_cache verdicts; proxy_cache_key $http_authorization; proxy_cache_valid 200 30s;
  }`;
