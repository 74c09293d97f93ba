// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/**
 * The certificate and key of STARTTLS, as PEM.
 *
 * @throws Error that names the setting, where a file can't be read or the two are no pair.
 */
export function readCertificateFiles({ certFile, keyFile }: { certFile: string; keyFile: string }): {
  cert: Buffer;
  key: Buffer;
} {
  const files = { cert: read('certFile', certFile), key: read('keyFile', keyFile) };
  try {
    createSecureContext(files);
  } catch {
    throw new Error(
      `intake.smtp: ${certFile} and ${keyFile} are no PEM certificate and key that belong together`,
    );
  }
  return files;
}

function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(
      `intake.smtp.${setting}: ${path} can not be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`,
    );
  }
}
