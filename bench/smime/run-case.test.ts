// SPDX-License-Identifier: Apache-2.0
import type { Case } from './cases.ts';
import { castFor } from './cast.ts';
import { inProcess } from './in-process.ts';
import { Patience } from './patience.ts';
import { runCase, type Surroundings } from './run-case.ts';

const SIGNING: Case = { op: 'sign', bytes: 1_000, recipients: 1, alg: 'p-256' };

let said: string[];
beforeEach(() => (said = []));

const against = async (pkijs: ReturnType<typeof inProcess>, patience = 60): Promise<Surroundings> => ({
  cast: await castFor('p-256', 1),
  peers: new Map([['pkijs', pkijs]]),
  effort: { seconds: 0.001, rounds: 1 },
  patience: new Patience(patience),
  say: (line) => said.push(line),
});

const failing = inProcess(() => () => {
  throw new Error('too much for me');
});
const idle = inProcess(({ content }) => (take) => {
  take(content);
});

it('a peer that cannot do a case is left out of it, and it is said', async () => {
  const row = await runCase(SIGNING, await against(failing));
  expect(row.vs.pkijs).toBeNull();
  expect(said).toEqual(['pkijs is left out, as it fails: too much for me']);
});

it('a peer that seems to do it and does not ends the run, for its figures would be believed', async () => {
  await expect(runCase(SIGNING, await against(idle))).rejects.toThrow('pkijs: its layers are ');
});

it('a peer that would take too long is left out, and it is said', async () => {
  const surroundings = await against(failing, 1);
  surroundings.patience.took('pkijs', SIGNING, 0.5);
  const row = await runCase({ ...SIGNING, bytes: 10_000 }, surroundings);
  expect(row.perSec.pkijs).toBeNull();
  expect(said).toEqual(['pkijs is left out: it would take about 5 s']);
});
