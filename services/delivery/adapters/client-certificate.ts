// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { OwnCertificate, Tenant } from '@securemail/service';

/**
 * Why own mail servers could not know us by these files; null where they can, as far as that is told from here. It names
 * the file, and nothing that is in it.
 */
export async function clientCertificateFault({
  certFile,
  keyFile,
}: {
  certFile: string;
  keyFile: string;
}): Promise<string | null> {
  const cert = await readAs(certFile, (pem) => new X509Certificate(pem));
  if (cert === null) return `${certFile} holds no certificate that can be read`;
  const key = await readAs(keyFile, (pem) => createPrivateKey(pem));
  if (key === null) return `${keyFile} holds no private key that can be read`;
  return cert.checkPrivateKey(key) ? null : `${keyFile} is not the key of ${certFile}`;
}

const readAs = async <T>(file: string, read: (pem: string) => T): Promise<T | null> =>
  readFile(file, 'utf8')
    .then(read)
    .catch(() => null);

/** Those of all mail routes; each is read anew for each connection. */
export const clientCertificates = (tenants: Iterable<Tenant>): OwnCertificate[] =>
  [...tenants].flatMap(({ id, mailRoutes }) =>
    mailRoutes.flatMap(({ name, clientCertificate: files }): OwnCertificate[] =>
      files === undefined
        ? []
        : [
            {
              place: 'mail-route',
              setting: `clientCertificate of the mail route ${name} of tenant ${id}`,
              async read() {
                const fault = await clientCertificateFault(files);
                if (fault !== null) throw new Error(fault);
                return { cert: await readFile(files.certFile), key: await readFile(files.keyFile) };
              },
            },
          ],
    ),
  );
