// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { context, der, octetString, oid, sequence, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate } from '../index.ts';
import { drawAuthority, drawCertificate, extension, uriName, type Drawn } from './draw-certificate.ts';
import { openssl } from './openssl-workshop.ts';

const CONFIG = `[ca]
default_ca=one
[one]
database=index
crlnumber=number
default_md=sha256
default_crl_days=1
crl_extensions=crl
[crl]
authorityKeyIdentifier=keyid
`;

type Answer = (request: IncomingMessage) => Promise<Buffer> | Buffer;

/** An authority whose lists and answers the `openssl` program makes, behind a real server on this machine. */
export async function revocationAuthority() {
  const folder = await mkdtemp(join(tmpdir(), 'smime-revocation-'));
  const file = (name: string) => join(folder, name);
  const root = drawAuthority('Root', {
    extensions: [extension(OID.subjectKeyIdentifier, octetString(Buffer.alloc(20, 1)))],
  });
  const entries: string[] = [];
  const asked: string[] = [];
  const instead = new Map<string, Answer>();
  let responder = root;

  const save = async (name: string, { certificate, key }: Drawn) => {
    await writeFile(file(`${name}.pem`), certificate.x509.toString());
    await writeFile(file(`${name}.key`), key.export({ type: 'pkcs8', format: 'pem' }));
  };
  const writeIndex = () => writeFile(file('index'), entries.map((line) => `${line}\n`).join(''));
  await save('root', root);
  await writeFile(file('number'), '01\n');
  await writeFile(
    file('config'),
    CONFIG.replace('=index', `=${file('index')}`).replace('=number', `=${file('number')}`),
  );
  await writeIndex();

  const makeList = async () => {
    await openssl(
      ...[
        'ca',
        '-gencrl',
        '-config',
        file('config'),
        '-cert',
        file('root.pem'),
        '-keyfile',
        file('root.key'),
      ],
      ...['-out', file('crl.pem')],
    );
    return await openssl('crl', '-in', file('crl.pem'), '-outform', 'DER');
  };
  const answer = async (request: IncomingMessage) => {
    await writeFile(file('question'), await buffer(request));
    await save('responder', responder);
    await openssl(
      ...['ocsp', '-index', file('index'), '-CA', file('root.pem'), '-rsigner', file('responder.pem')],
      ...[
        '-rkey',
        file('responder.key'),
        '-reqin',
        file('question'),
        '-respout',
        file('answer'),
        '-ndays',
        '1',
      ],
    );
    return await readFile(file('answer'));
  };

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const make = instead.get(path) ?? (path === '/ocsp' ? answer : makeList);
    Promise.resolve(make(request)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    root,
    address,
    asked,
    /** Something else than the program's at a path. */
    answerInstead: (path: string, make: Answer) => instead.set(path, make),
    respondAs: (who: Drawn) => {
      responder = who;
    },
    /** @param revoked as the program's index has it, for instance `261120000000Z,keyCompromise`. */
    issue: async ({
      tells,
      revoked = '',
      notAfter,
      names,
      host = '127.0.0.1',
    }: {
      tells: 'ocsp' | 'crl' | 'both';
      revoked?: string;
      notAfter?: Date;
      /** The extension subjectAltName. */
      names?: Buffer;
      /** As the certificate names this machine. */
      host?: string;
    }) => {
      const base = address.replace('127.0.0.1', host);
      const extensions = [
        ...(names === undefined ? [] : [names]),
        ...(tells === 'crl' ? [] : [responderAt(`${base}/ocsp`)]),
        ...(tells === 'ocsp' ? [] : [listAt(`${base}/crl`)]),
      ];
      const { certificate } = drawCertificate({ issuer: root, extensions, ...(notAfter && { notAfter }) });
      entries.push(indexLine(certificate, revoked));
      await writeIndex();
      return certificate;
    },
    delegate: (...extensions: readonly Buffer[]) =>
      drawCertificate({ issuer: root, subject: 'Responder', extensions }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const OCSP_SIGNING = extension(OID.extendedKeyUsage, sequence(oid(OID.ocspSigning)));
export const NO_CHECK = extension(OID.ocspNoCheck, der(TAG.null));

const responderAt = (url: string) =>
  extension(OID.authorityInfoAccess, sequence(sequence(oid(OID.ocspAccess), uriName(url))));
const listAt = (url: string) =>
  extension(OID.crlDistributionPoints, sequence(sequence(der(context(0), der(context(0), uriName(url))))));

/** A line of the program's index: state, expiry, revocation, serial, file, subject. */
function indexLine({ x509 }: Certificate, revoked: string): string {
  return [
    revoked === '' ? 'V' : 'R',
    '361231235959Z',
    revoked,
    x509.serialNumber,
    'unknown',
    '/CN=A person',
  ].join('\t');
}
