// SPDX-License-Identifier: Apache-2.0

/** `npm run fuzz -- --target NAME --seconds N [--seed N]`; libs/smime/docs/opening.md tells more. */
import { inspect, parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { readCorpus, writeCorpus, writeFinding } from './corpus.ts';
import { fuzz, type Progress } from './fuzz.ts';
import { seededRandom } from './random.ts';
import { TARGETS } from './targets.ts';

/** The main thread learns of every input that starts, and holds the last: a thread that never answers again had it. */
const PATIENCE = 60_000;
const SAY_EVERY = 10_000;

interface Task {
  readonly target: string;
  readonly seconds: number;
  readonly seed: number;
}
type News = { readonly input: Uint8Array } | { readonly say: string };

const say = (text: string) => process.stderr.write(`${text}\n`);
const told = ({ inputs, corpus, covered }: Progress) =>
  `${inputs} inputs, ${corpus} kept, ${covered} octets of code reached`;

async function work({ target: name, seconds, seed }: Task): Promise<void> {
  const target = TARGETS[name];
  if (target === undefined) throw new Error(`no such target: ${name}`);
  const tell = (news: News) => parentPort?.postMessage(news);
  const end = Date.now() + seconds * 1000;
  let next = Date.now();
  const kinds = new Set<string>();
  const smallest = await fuzz({
    target,
    corpus: await readCorpus(name),
    random: seededRandom(seed),
    starts: (input) => tell({ input }),
    goesOn: (progress) => {
      if (Date.now() >= next) tell({ say: told(progress) });
      if (Date.now() >= next) next = Date.now() + SAY_EVERY;
      return Date.now() < end;
    },
    found: async (input, fault) => {
      const kind = inspect(fault).replaceAll(/\d+/g, 'N').slice(0, 300);
      if (kinds.has(kind)) return;
      kinds.add(kind);
      tell({ say: `${await writeFinding(name, input)}: ${inspect(fault)}` });
    },
  });
  await writeCorpus(name, smallest);
  tell({
    say: `${smallest.length} inputs reach all that was reached; ${kinds.size} kinds of faults were found`,
  });
  if (kinds.size > 0) process.exitCode = 1;
}

function watchOver(task: Task): void {
  let last: Buffer = Buffer.alloc(0);
  const worker = new Worker(new URL(import.meta.url), { workerData: task });
  const hangs = () => {
    say('one input takes longer than a minute');
    void writeFinding(task.target, last).then(() => process.exit(1));
  };
  const timer = setTimeout(hangs, PATIENCE);
  worker.on('message', (news: News) => {
    timer.refresh();
    if ('say' in news) say(news.say);
    else last = Buffer.from(news.input);
  });
  worker.on('exit', (code) => {
    clearTimeout(timer);
    process.exitCode = code;
  });
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      target: { type: 'string' },
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    },
  });
  const { target = '' } = values;
  if (TARGETS[target] === undefined) {
    say(`--target is one of ${Object.keys(TARGETS).join(', ')}`);
    process.exitCode = 2;
  } else {
    say(`seed ${values.seed}`);
    watchOver({ target, seconds: Number(values.seconds), seed: Number(values.seed) });
  }
} else await work(workerData as Task);
