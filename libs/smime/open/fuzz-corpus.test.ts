// SPDX-License-Identifier: Apache-2.0
import { readCorpus } from '../testing/fuzz/corpus.ts';
import { faultOf } from '../testing/fuzz/target.ts';
import { TARGETS } from '../testing/fuzz/targets.ts';

/** What `npm run fuzz` once found new code with. */
it.each(Object.entries(TARGETS))('every input of the corpus for %s ends as it may', async (name, target) => {
  const corpus = await readCorpus(name);
  expect(corpus.length).toBeGreaterThan(0);
  const faults = [];
  for (const input of corpus) {
    const fault = await faultOf(target, input.bytes);
    if (fault !== null) faults.push([input.name, fault]);
  }
  expect(faults).toEqual([]);
});

it('a fault of a target is noticed', async () => {
  const broken = { words: [], refuses: () => false, run: () => Promise.reject(new RangeError('not mine')) };
  expect(await faultOf(broken, Buffer.alloc(1))).toBeInstanceOf(RangeError);
});
