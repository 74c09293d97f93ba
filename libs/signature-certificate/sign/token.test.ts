// SPDX-License-Identifier: Apache-2.0
import { openPkcs11Token, pkcs11Signer } from '@securemail/smime';
import { HSM_PIN, missing, startSoftHsm } from '@securemail/testing';
import { makeSignatureCertificate } from '../make.ts';
import { sentFacts } from '../testing/facts.ts';
import { organisation } from '../testing/organisation.ts';
import { verifySignatureCertificate } from '../verify/verify.ts';

const hsm = await startSoftHsm();
const KINDS = ['rsa', 'p-256', 'p-384'] as const;

if (hsm === null) missing('SoftHSM', 'apt-get install softhsm2');
else {
  afterAll(() => hsm.close());

  it('a key that lies in a token signs certificates', async () => {
    const owners = KINDS.map((kind) => organisation({ kind }));
    await hsm.newToken('organisation');
    for (const [i, { key }] of owners.entries()) {
      const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
      await hsm.importKey('organisation', KINDS[i]!, `0${i}`, pem);
    }
    const token = await openPkcs11Token({
      module: hsm.module,
      token: { label: 'organisation' },
      pin: HSM_PIN,
    });
    try {
      for (const [i, { signer: own, trustAnchors }] of owners.entries()) {
        const { certificate, chain } = own;
        const signer = await pkcs11Signer({ token, key: { label: KINDS[i]! }, certificate, chain });
        const { pdf } = await makeSignatureCertificate({ facts: sentFacts(), language: 'en', signer });
        const at = new Date('2026-04-01T00:00:00Z');
        expect(await verifySignatureCertificate({ file: pdf, trustAnchors, at })).toMatchObject({
          holds: true,
        });
      }
    } finally {
      await token.close();
    }
  });
}
