// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { CertificatePair } from '@securemail/service';

/** The settings of a port. */
export const SECTION = { submission: 'smtp', inbound: 'inbound' } as const;

export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

/**
 * The certificate and key of STARTTLS, as PEM.
 *
 * @throws Error that names the setting, where a file can't be read or the two are no pair.
 */
export function readCertificateFiles(
  place: keyof typeof SECTION,
  { certFile, keyFile }: CertificateFiles,
): CertificatePair {
  const section = `intake.${SECTION[place]}`;
  const files = { cert: read(`${section}.certFile`, certFile), key: read(`${section}.keyFile`, keyFile) };
  try {
    createSecureContext(files);
  } catch {
    throw new Error(
      `${section}: ${certFile} and ${keyFile} are no PEM certificate and key that belong together`,
    );
  }
  return files;
}

function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(
      `${setting}: ${path} can not be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`,
    );
  }
}
