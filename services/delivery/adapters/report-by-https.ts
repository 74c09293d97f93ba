// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { isPublicAddress, lookingUp } from '@securemail/smime';
import { addressesOf, responseTo, type Resolver } from '@securemail/tls-policy';
import { deferred, refused, type Handed } from './handed-report.ts';

export interface HttpsOptions {
  resolver: Resolver;
  /** PEM of authorities in place of the system's. */
  ca?: string | undefined;
  /** Also to hosts in private networks; where a test plays the world. */
  privateNetworks: boolean;
  signal: AbortSignal;
}

const TIMEOUT_MS = 30_000;

/**
 * Posts a report (RFC 8460 §5.4) to a host that proves its name. A stranger names the address, so it is looked up and
 * judged here: nothing goes into a private network, nowhere else by a redirect, and what is answered is not read.
 */
export async function postReport(url: string, gzipped: Buffer, options: HttpsOptions): Promise<Handed> {
  const { hostname, port, pathname, search } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { resolver, ca, privateNetworks } = options;
  const found = await addressesOf(host, resolver).catch(() => null);
  if (found === null) return deferred('dns-failed');
  const addresses = found.filter((each) => privateNetworks || isPublicAddress(each));
  const [first] = addresses;
  if (first === undefined)
    return found.length === 0 ? deferred('host-not-found') : refused('private-address');
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await responseTo(
      'the host',
      {
        host: isIP(host) === 0 ? host : first,
        lookup: lookingUp(addresses),
        port: port === '' ? 443 : Number(port),
        method: 'POST',
        path: `${pathname}${search}`,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        headers: {
          host: port === '' ? hostname : `${hostname}:${port}`,
          'content-type': 'application/tlsrpt+gzip',
          'content-length': gzipped.length,
        },
        signal,
        ...(ca === undefined ? {} : { ca }),
      },
      gzipped,
    );
    response.on('error', () => undefined).destroy();
    const { statusCode = 0 } = response;
    return statusCode >= 200 && statusCode < 300 ? { kind: 'delivered' } : deferred(`http-${statusCode}`);
  } catch {
    return deferred('https-failed');
  }
}
