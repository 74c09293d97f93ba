// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { der, TAG } from '../asn1/der.ts';
import { owned, streamOf } from '../flow/flow.ts';
import { queueOf } from '../testing/in-chunks.ts';
import { cmsOctets } from './cms-octets.ts';

const cms = der(TAG.sequence, randomBytes(1000));

async function read(text: string, ...cuts: number[]) {
  let rubbish = false;
  const body = queueOf(Buffer.from(text, 'latin1'), ...cuts);
  const octets = await buffer(
    streamOf(
      owned(
        cmsOctets(body, () => {
          rubbish = true;
        }),
      ),
    ),
  );
  return { octets: octets.subarray(0, cms.length), rubbish };
}

const lines = (columns: number, lineEnd = '\r\n') =>
  cms.toString('base64').replace(new RegExp(`.{${columns}}`, 'g'), (line) => `${line}${lineEnd}`);

describe('the octets of a CMS object in base64', () => {
  const CUTS = [[1], [10], [66], [7, 1, 100], [1000], [100_000]];

  it.each([
    ['in usual lines', lines(64), false],
    ['in lines of LF', lines(76, '\n'), false],
    ['in lines of no whole fours', lines(61), false],
    ['in one line', cms.toString('base64'), false],
    [
      'in lines that become longer',
      `${lines(64).slice(0, 330)}${lines(64).slice(330).replaceAll('\r\n', '')}`,
      false,
    ],
    ['behind text', `Hello\r\n\r\n${lines(64)}`, true],
    ['with rubbish in a line', lines(64).replace(/^(.{200})/s, '$1!'), true],
    ['with text behind the padding', `${lines(64)}\r\nSEND MONEY! <http://e.example>\r\n`, true],
    ['with empty lines behind', `${lines(64)}\r\n\r\n \r\n`, false],
  ])('%s are the same, however it is cut', async (_, text, rubbish) => {
    for (const cuts of CUTS) expect(await read(text, ...cuts)).toEqual({ octets: cms, rubbish });
  });
});
