// SPDX-License-Identifier: Apache-2.0
import { saysWhatItMeans } from '@securemail/mime';
import { headerWith } from '../testing/header.ts';
import { withoutEnvelopeEchoes } from './envelope-echoes.ts';
import { threadKeysOf } from './guards/thread-keys.ts';

// What takes the square of its length, or worse, does not come to its end here. As long as a whole header may be.
const LENGTH = 200_000;
const filled = (text: string) => text.repeat(LENGTH / text.length);

it.each([
  ['ids that can be read in many ways', `References: ${filled('a@@b ')}<`],
  ['ids without an end', `References: ${filled('a@')}<`],
  ['signs', `In-Reply-To: ${filled('@')}`],
  ['brackets', `Message-ID: ${filled('<')}`],
])('%s take no longer than they are long', async (_, field) => {
  expect(threadKeysOf(await headerWith('From: a@b.example', field)).own).toBeNull();
});

it.each([
  ['recipients that can be read in many ways', `x by y for ${filled('a@@b,')}<`],
  ['spaces', `x by y${filled(' ')}for`],
  ['spaces in a comment', `x by y (for ${filled(' ')}`],
  ['signs in a comment', `x by y (for ${filled('@')}`],
  ['recipients without an end', `x by y for ${filled('a@b,')}<`],
])('%s in a Received field take no longer than they are long', async (_, value) => {
  const header = await headerWith('From: a@b.example', `Received: ${value}`);
  expect(withoutEnvelopeEchoes(header).get('From')).toBe('a@b.example');
});

it('what is quoted and never ends takes no longer than it is long, and hides nothing', () => {
  expect(saysWhatItMeans(`"${filled('\\"')}`)).toBe(true);
  expect(saysWhatItMeans(`"${filled('\\"')} <a@b.example> RCPT TO:<c@d.example>`)).toBe(false);
  expect(saysWhatItMeans('"a@b.example" <c@d.example>')).toBe(true);
});
