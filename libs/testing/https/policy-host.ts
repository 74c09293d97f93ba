// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Issued } from '../certificates/certificate-authority.ts';

/** A policy in the mode `enforce`. */
export const STS_POLICY =
  'version: STSv1\r\nmode: enforce\r\nmx: mx.partner.example\r\nmx: *.backup.example\r\nmax_age: 86400\r\n';

export interface PolicyHostOptions {
  /** @default a free one */
  port?: number;
  certificate: Pick<Issued, 'certificatePem' | 'keyPem'>;
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** It begins and does not go on. */
  stalls?: boolean;
}

export interface PolicyHost {
  port: number;
  /** How often it was asked. */
  requests(): number;
  /** What it answers with from now on. */
  serve(body: string): void;
  stop(): Promise<void>;
}

/** An HTTPS server with the policy of RFC 8461 where it belongs, on 127.0.0.1. */
export async function startPolicyHost({
  port = 0,
  certificate: { certificatePem, keyPem },
  status = 200,
  headers = {},
  stalls = false,
  ...served
}: PolicyHostOptions): Promise<PolicyHost> {
  let { body = STS_POLICY } = served;
  let requests = 0;
  const server = createServer({ cert: certificatePem, key: keyPem }, ({ url }, response) => {
    requests += 1;
    const found = url === '/.well-known/mta-sts.txt';
    response.writeHead(found ? status : 404, { 'content-type': 'text/plain', ...headers });
    if (stalls) response.write('version: ');
    else response.end(found ? body : '');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    serve(replaced) {
      body = replaced;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
