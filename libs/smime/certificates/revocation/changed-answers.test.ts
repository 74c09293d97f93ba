// SPDX-License-Identifier: Apache-2.0
import { DerError } from '../../asn1/der.ts';
import { revocationAuthority } from '../../testing/revocation-authority.ts';
import type { Certificate } from '../certificate.ts';
import { readCrl } from './crl.ts';
import { httpFetcher } from './http-fetcher.ts';
import { judgeByCrls } from './judge-by-crls.ts';
import { judgeByOcsp } from './judge-by-ocsp.ts';
import { certificateId, ocspRequest } from './ocsp-request.ts';
import { readOcspResponse } from './ocsp-response.ts';
import type { RevocationVerdict } from './verdict.ts';

const now = new Date();
const moments = { at: now, now };
const nonce = Buffer.alloc(32, 7);
const revoked = '260101000000Z,superseded';

let authority: Awaited<ReturnType<typeof revocationAuthority>>;
beforeEach(async () => {
  authority = await revocationAuthority();
});
afterEach(() => authority.close());

const ask = async (certificate: Certificate, tells: 'ocsp' | 'crl') => {
  const { root, address } = authority;
  const question = tells === 'crl' ? null : ocspRequest(certificateId(certificate, root.certificate), nonce);
  return await httpFetcher({ privateHosts: true }).fetch(`${address}/${tells}`, question);
};
const judge = {
  ocsp: (certificate: Certificate, bytes: Buffer, own: Buffer | null = nonce) =>
    judgeByOcsp(certificate, authority.root.certificate, readOcspResponse(bytes), { ...moments, nonce: own }),
  crl: (certificate: Certificate, bytes: Buffer) =>
    judgeByCrls(certificate, authority.root.certificate, [readCrl(bytes)], moments),
};

describe.each(['ocsp', 'crl'] as const)('an answer by %s', (tells) => {
  it('in which any octet was changed never makes a revoked certificate good, and throws nothing but what it says', async () => {
    const certificate = await authority.issue({ tells, revoked });
    const bytes = await ask(certificate, tells);
    expect(judge[tells](certificate, bytes).status).toBe('revoked');
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 0x01;
      expect(verdictOrNone(() => judge[tells](certificate, changed))).not.toBe('good');
    }
  });
});

function verdictOrNone(read: () => RevocationVerdict): RevocationVerdict['status'] | null {
  try {
    return read().status;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

it('an answer about another certificate tells nothing of this one', async () => {
  const certificate = await authority.issue({ tells: 'ocsp', revoked });
  const other = await authority.issue({ tells: 'ocsp' });
  expect(judge.ocsp(other, await ask(certificate, 'ocsp'))).toEqual({
    status: 'unknown',
    why: 'the answer is about another certificate',
  });
});

it('an answer to a question of yesterday is not taken for one to ours', async () => {
  const certificate = await authority.issue({ tells: 'ocsp' });
  const bytes = await ask(certificate, 'ocsp');
  expect(judge.ocsp(certificate, bytes)).toEqual({ status: 'good' });
  expect(judge.ocsp(certificate, bytes, Buffer.alloc(32, 8))).toEqual({
    status: 'unknown',
    why: 'the answer is to another question',
  });
});
