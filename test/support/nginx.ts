/** A real nginx that serves one folder, unprivileged, with an access log that a test can count. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolvePart } from '../../scripts/parts/resolve.ts'
import { freePort, startProgram } from './real-program.ts'

export type Nginx = {
  readonly url: string
  /** The folder that it serves. */
  readonly folder: string
  /** One `<status> <method> <path> <authorization>` a request. */
  readonly requests: () => readonly string[]
  readonly stop: () => Promise<void>
}

/** @param port of one that was stopped, to start it again where it was. */
export async function startNginx(before?: {
  readonly folder: string
  readonly url: string
}): Promise<Nginx> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-nginx-'))
  const folder = before?.folder ?? join(home, 'www')
  mkdirSync(folder, { recursive: true })
  const port = before === undefined ? await freePort() : Number(new URL(before.url).port)
  const log = join(home, 'access.log')
  writeFileSync(log, '')
  const config = join(home, 'nginx.conf')
  writeFileSync(config, configuration(home, folder, log, port))
  const program = await startProgram(resolvePart('nginx'), port, [
    '-c',
    config,
    '-e',
    join(home, 'error.log'),
  ])
  return {
    url: `http://127.0.0.1:${String(port)}`,
    folder,
    requests: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    stop: program.stop,
  }
}

function configuration(home: string, folder: string, log: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off; master_process off; pid ${home}/nginx.pid; worker_processes 1;
events { worker_connections 64; }
http {
  log_format plain '$status $request_method $request_uri $http_authorization';
  access_log ${log} plain;
  ${temporary.map((name) => `${name}_temp_path ${home}/${name};`).join(' ')}
  server {
    listen 127.0.0.1:${String(port)};
    root ${folder};
    types { application/gzip gz; }
    location /moved/ { return 302 http://127.0.0.1:${String(port)}/policy.tar.gz; }
  }
}
`
}
