// SPDX-License-Identifier: Apache-2.0
import type { Say } from '@securemail/testing/process';
import type { Case } from './cases.ts';
import type { Cast } from './cast.ts';
import { checkOutcome, WrongOutcomeError } from './check.ts';
import type { Contender, Prepared, Task } from './contender.ts';
import { limit } from './contenders/limit.ts';
import { ours } from './contenders/ours.ts';
import { rateOf, takeTurns, timesAsFast, type Effort } from './measure.ts';
import type { Patience } from './patience.ts';
import { PEERS, type PeerName, type RunningPeers } from './peers.ts';
import { taskOf } from './task.ts';

export interface Row extends Case {
  readonly oursPerSec: number;
  readonly limitPerSec: number;
  /** Of ours to the limit. */
  readonly ratio: number;
  /** How many times as fast as the peer ours is; null where the peer cannot, is not here, or would take too long. */
  readonly vs: Readonly<Record<PeerName, number | null>>;
  /** Operations a second of the peers. */
  readonly perSec: Readonly<Record<PeerName, number | null>>;
}

export interface Surroundings {
  readonly cast: Cast;
  readonly peers: RunningPeers;
  readonly effort: Effort;
  readonly patience: Patience;
  readonly say: Say;
}

const [OURS, LIMIT, FIRST_PEER] = [0, 1, 2];

export async function runCase(each: Case, surroundings: Surroundings): Promise<Row> {
  const { effort } = surroundings;
  const task = taskOf(each, surroundings.cast);
  const [us, least] = [await ready(ours, task), await limit.prepare(task)];
  if (us === null || least === null) throw new TypeError('there is no case that we cannot do');
  const peers = await readyPeers(task, surroundings);
  const contenders: readonly Prepared[] = [us, least, ...peers.map(({ at }) => at)];
  await takeTurns(contenders, { seconds: Math.min(0.5, effort.seconds / 2), rounds: 1 });
  const rounds = await takeTurns(contenders, effort);
  for (const [i, { name }] of peers.entries()) {
    surroundings.patience.took(name, task, 1 / rateOf(rounds, FIRST_PEER + i));
  }
  const ofPeers = (figure: (contender: number) => number) =>
    Object.fromEntries(
      PEERS.map((name) => {
        const at = peers.findIndex((peer) => peer.name === name);
        return [name, at < 0 ? null : figure(FIRST_PEER + at)];
      }),
    ) as Record<PeerName, number | null>;
  return {
    ...each,
    oursPerSec: rateOf(rounds, OURS),
    limitPerSec: rateOf(rounds, LIMIT),
    ratio: timesAsFast(rounds, OURS, LIMIT),
    vs: ofPeers((peer) => timesAsFast(rounds, OURS, peer)),
    perSec: ofPeers((peer) => rateOf(rounds, peer)),
  };
}

/** The peers that can do it, in the time that there is. */
async function readyPeers(task: Task, { peers, patience, say }: Surroundings) {
  const found: { name: PeerName; at: Prepared }[] = [];
  for (const [name, peer] of peers) {
    const long = patience.tooLong(name, task);
    if (long !== null) {
      say(`${name} is left out: it would take about ${long.toFixed(0)} s`);
      continue;
    }
    const at = await ready(peer, task).catch((error: unknown) => {
      if (error instanceof WrongOutcomeError) throw new Error(`${name}: ${error.message}`, { cause: error });
      say(`${name} is left out, as it fails: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    });
    if (at !== null) found.push({ name, at });
  }
  return found;
}

/** @throws WrongOutcomeError where what it does is not what was asked for; what it throws where it fails by itself. */
async function ready(contender: Contender, task: Task): Promise<Prepared | null> {
  const prepared = await contender.prepare(task);
  if (prepared !== null) await checkOutcome(task, await prepared.once());
  return prepared;
}
