// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchedArchive } from '@securemail/testing';
import { certificateOf, type Certificate } from '../certificate.ts';
import { findPath } from '../path/find-path.ts';
import type { PolicyInputs } from '../path/policy-rules.ts';
import { readCrl, type Crl } from './crl.ts';
import { judgeByCrls } from './judge-by-crls.ts';
import { DEVIATIONS, WITH_SETTINGS } from './pkits-expectations.ts';

/** The wheel carries NIST's PKITS of 2011 as its authors gave it out. */
const VECTORS = {
  url: 'https://files.pythonhosted.org/packages/83/a4/a95842e91abd69710682f6e552bdb271c959ad3793b8d5d1e00ca6dc10d5/cryptography_vectors-50.0.2-py3-none-any.whl',
  sha256: '51641f03a3eb4edbe9fb68e3a3574d25f86aa502d06391fffa886330d02778a0',
};
const at = new Date('2020-01-01T00:00:00Z');
const certificates = new Map<string, Certificate | null>();
const lists: (Crl | null)[] = [];

beforeAll(async () => {
  const folder = join(await fetchedArchive(VECTORS), 'cryptography_vectors/x509/PKITS_data');
  for (const file of await readdir(join(folder, 'certs'))) {
    certificates.set(
      file.replace('.crt', ''),
      readable(certificateOf, await readFile(join(folder, 'certs', file))),
    );
  }
  for (const file of await readdir(join(folder, 'crls'))) {
    lists.push(readable(readCrl, await readFile(join(folder, 'crls', file))));
  }
});

/** A certificate that cannot be read is not valid either, and a list none. */
function readable<T>(read: (bytes: Buffer) => T, bytes: Buffer): T | null {
  try {
    return read(bytes);
  } catch {
    return null;
  }
}

function isValid(name: string, policies: PolicyInputs = {}): boolean {
  const certificate = certificates.get(name);
  const anchor = certificates.get('TrustAnchorRootCertificate');
  if (certificate === undefined || !anchor) throw new Error(`PKITS has no ${name}`);
  if (certificate === null) return false;
  const authorities = [...certificates].flatMap(([each, found]) =>
    each.endsWith('EE') ? [] : (found ?? []),
  );
  const crls = lists.filter((list) => list !== null);
  return findPath(certificate, {
    at,
    trustAnchors: [anchor],
    intermediates: authorities,
    ...policies,
    accept: (path) =>
      path.slice(1).every((each, i) => {
        const issuer = path[i];
        return issuer !== undefined && judgeByCrls(each, issuer, crls, { at, now: at }).status === 'good';
      }),
  }).ok;
}

describe('PKITS, of NIST', () => {
  it('is judged as it says, but for what is listed with its reason', () => {
    const surprises = [...certificates.keys()]
      .filter((name) => /^(?:Valid|Invalid).*EE$/.test(name))
      .filter((name) => isValid(name) !== name.startsWith('Valid'));
    expect(surprises.toSorted()).toEqual(Object.keys(DEVIATIONS).toSorted());
  });

  it('counts more than two hundred paths', () => {
    expect([...certificates.keys()].filter((name) => name.endsWith('EE')).length).toBeGreaterThan(200);
  });

  it.each(WITH_SETTINGS)('policies: $name with $settings is valid: $valid', ({ name, settings, valid }) => {
    expect(isValid(name, settings)).toBe(valid);
  });
});
