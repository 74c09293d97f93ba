// SPDX-License-Identifier: Apache-2.0
import { compareSenders } from '../index.ts';
import { openBytes, signaturesIn } from '../testing/opening.ts';
import { testdata } from '../testing/published.ts';

/** Signed examples of RFC 9788, appendix C, by Alice of RFC 9216. */
it.each([
  ['smime-multipart-hp', 'rfc9788', '2021-02-20T15:07:02Z'],
  ['smime-multipart-complex-rfc8551hp', 'rfc8551', '2021-02-20T17:27:02Z'],
] as const)('%s: verified, and its header is protected by %s', async (name, scheme, at) => {
  const message = await testdata('rfc9788', `${name}.eml`);
  for (const cuts of [[64 * 1024], [1]]) {
    const opened = await openBytes(message, {}, ...cuts);
    expect(opened.layers).toMatchObject([{ kind: 'signed', form: 'detached', problems: [] }]);
    expect(signaturesIn(opened.layers)).toMatchObject([{ verified: true, signingTime: new Date(at) }]);
    expect(opened.contentHeader?.get('Subject')).toBe(name);
    expect(opened.headerProtection).toEqual({ scheme, hidden: [], legacyDisplay: [] });
    expect(compareSenders(opened)).toMatchObject({ inner: { from: ['alice@smime.example'] }, problems: [] });
  }
});

it('with another Subject outside, the one inside still counts; with another From, it is told', async () => {
  const text = (await testdata('rfc9788', 'smime-multipart-hp.eml')).toString();
  const spoofed = text.replace('Subject: smime-multipart-hp', 'Subject: Urgent').replace('alice@', 'boss@');
  const opened = await openBytes(Buffer.from(spoofed));
  expect(opened.header.get('Subject')).toBe('Urgent');
  expect(opened.contentHeader?.get('Subject')).toBe('smime-multipart-hp');
  expect(compareSenders(opened).problems).toEqual(['from-differs']);
});
