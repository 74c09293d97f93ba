// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { loadConfig } from '@securemail/config';
import type { ReceivedMail } from '@securemail/testing';
import { citizenIn } from './demo/citizen.ts';
import { AllSettings } from './settings.ts';
import { PEOPLE, pathsIn } from './world/demo-files.ts';

const MAIN = join(import.meta.dirname, '../../dist/apps/cli/main.js');
const ANY_PORTS = ['http', 'smtp', 'inbound', 'metrics'].flatMap((name) => [`--${name}-port`, '0']);
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'start-test-'));
  // Where root runs it, Postgres is another user.
  await chmod(parent, 0o755);
  // As somebody may call it.
  folder = join(parent, "Anna's files");
});
afterAll(() => rm(join(folder, '..'), { recursive: true }));

it('lets a newcomer be the citizen, and by the commands that it prints the case worker, in one conversation', async () => {
  const started = spawn(process.execPath, [MAIN, 'start', '--data', folder, ...ANY_PORTS], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning' },
  });
  const ended = once(started, 'exit');
  let words = '';
  started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    words += chunk;
  });
  const said = async (what: RegExp, place = 0): Promise<string> => {
    for (;;) {
      const found = [...words.matchAll(what)][place]?.[1];
      if (found !== undefined) return found;
      if (started.exitCode !== null) throw new Error(`it ended, and said: ${words}`);
      await sleep(50);
    }
  };
  const inShell = async (command: string) => {
    const { stdout } = await run('sh', ['-c', command]);
    expect(JSON.parse(stdout)).toHaveProperty('emailId');
  };
  try {
    const url = await said(/^ {2}API +(\S+) /gm);
    const paths = pathsIn(folder);
    const outside = join(paths.arrived, 'outside');
    const arrived = () =>
      readdirSync(outside)
        .toSorted()
        .map((name) => {
          const [, , to = ''] = name.split(' ');
          return { rcptTo: [to.replace(/\.eml$/, '')], content: readFileSync(join(outside, name)) };
        });
    const citizen = citizenIn({
      settings: loadConfig({ schema: AllSettings, path: paths.config }),
      gateway: { url },
      outside: { received: () => arrived() as unknown as ReceivedMail[] },
    });

    await inShell(await said(/^ {2}# 4\. .*\n {2}(curl .*)\n/gm));
    await said(/SecureMailBox, for (\S+): http/g);
    await citizen.signIn();
    for (const [place, subject] of ['Decision', 'Re: SecureMailBox message received'].entries()) {
      const { messageId } = await citizen.read(subject);
      await citizen.answer(messageId, `Answer ${place}`, { name: 'a.txt', content: 'a' });
      const shown = await said(/SecureMailBox, from (.*, <\S+@\S+>)\n/g, place);
      expect(shown).toContain(`${PEOPLE.stranger} for ${PEOPLE.anna}: "SecureMailBox message received"`);
      await inShell(await said(/Answer it there as \S+:\n(curl .*)\n/g, place));
    }
    const kinds = async () => {
      const { conversation } = await citizen.read('Re: SecureMailBox message received');
      return conversation.map(({ kind }) => kind);
    };
    while ((await kinds()).length < 5) await sleep(100);
    expect(await kinds()).toEqual(['message', 'reply', 'message', 'reply', 'message']);
  } finally {
    started.kill('SIGTERM');
    await ended;
  }
});
