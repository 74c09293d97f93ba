// SPDX-License-Identifier: Apache-2.0
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hashPassword } from '@securemail/sign-in';
import { Command } from 'commander';
import { askPassword } from './ask-password.ts';

/** NIST SP 800-63B §5.1.1.1 asks for eight at least; this one opens what is written to everybody. */
const LEAST = 12;
/** Who signs in can not send more. */
const MOST = 1_000;
/** Editors of Windows begin a file with it, and nobody can type it. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/** `securemail console`: what its accounts need. */
export function consoleCommand(
  print: (text: string) => void,
  ask: (question: string) => Promise<string> = askPassword,
): Command {
  const command = new Command('console').description('the console').showHelpAfterError();
  command
    .command('hash-password')
    .description('ask for a password, and print what an account has in its place')
    .option('--password-file <file>', 'a file whose first line is the password; without it, it is asked for')
    .option('--out <file>', 'write it there, for nobody else to read, once all went well; else it is printed')
    .action(async ({ passwordFile, out }: { passwordFile?: string; out?: string }) => {
      const typed =
        passwordFile === undefined
          ? await askTwice(ask)
          : ((await readFile(passwordFile, 'utf8')).replace(BYTE_ORDER_MARK, '').split(/\r?\n/, 1)[0] ?? '');
      const password = typed.normalize('NFC');
      if (password.length < LEAST) throw new Error(`a password has at least ${LEAST} characters`);
      if (Math.max(typed.length, password.length) > MOST)
        throw new Error(`a password has at most ${MOST} characters`);
      const line = `${await hashPassword(password)}\n`;
      if (out === undefined) print(line);
      else await writeWhole(out, line);
    });
  return command;
}

/** A shell's `>` leaves an empty file where nobody can be asked, or the one of before cut off. */
async function writeWhole(out: string, text: string): Promise<void> {
  const unfinished = `${out}.${process.pid}.unfinished`;
  try {
    await writeFile(unfinished, text, { mode: 0o600, flag: 'wx' });
    await rename(unfinished, out);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function askTwice(ask: (question: string) => Promise<string>): Promise<string> {
  const typed = await ask('Password: ');
  if ((await ask('The same again: ')) !== typed) throw new Error('the two are not the same');
  return typed;
}
