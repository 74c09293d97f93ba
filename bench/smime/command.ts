// SPDX-License-Identifier: Apache-2.0
import { Command, Option } from 'commander';
import { numbers, whole } from '../numbers.ts';
import { positive } from '../positive.ts';
import { ALGORITHMS, OPERATIONS } from './cases.ts';
import { PEERS } from './peers.ts';
import { PARTS, smime, type SmimeOptions } from './smime.ts';

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
/** A string holds no more base64. */
const LARGEST = 300_000_000;
const LARGEST_IN_MEMORY = 100_000_000_000;
const MOST_RECIPIENTS = 1_000;
const MOST_ROUNDS = 1_000;

/** @param action what is done with the options. */
export const smimeCommand = (action: (options: SmimeOptions) => Promise<void> = smime): Command =>
  new Command('smime')
    .description('libs/smime against the primitives beneath it and against others; its memory; its cores')
    .addOption(oneOrMore('--ops <op...>', 'which operations', OPERATIONS))
    .addOption(oneOrMore('--algs <alg...>', 'which keys', ALGORITHMS))
    .addOption(oneOrMore('--peers <peer...>', 'against whom', PEERS))
    .addOption(numbers('--bytes <octets...>', 'of the content', LARGEST, SIZES))
    .addOption(numbers('--recipients <count...>', 'how many read it', MOST_RECIPIENTS, [1, 50]))
    .addOption(oneOrMore('--parts <part...>', 'what is measured', PARTS))
    .option('--seconds <seconds>', 'for each contender in each case', positive, 1)
    .option('--rounds <rounds>', 'in which those seconds are spent', (text) => whole(text, MOST_ROUNDS), 5)
    .option('--patience <seconds>', 'that one operation of a peer may take', positive, 20)
    .option(
      '--memory-bytes <octets>',
      'of the message whose memory is measured',
      (text) => whole(text, LARGEST_IN_MEMORY),
      1_000_000_000,
    )
    .option('--json', 'one line of JSON, last', false)
    .action(action);

const oneOrMore = (flags: string, description: string, choices: readonly string[]): Option =>
  new Option(flags, description).choices(choices).default([...choices]);
