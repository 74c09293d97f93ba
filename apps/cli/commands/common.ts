// SPDX-License-Identifier: Apache-2.0
import { Option } from 'commander';

/** Where `start` has written it, unless it is said, or stands where the services of their own find it. */
export const configOption = (): Option =>
  new Option('--config <file>', 'the configuration of the gateway')
    .env('SECUREMAIL_CONFIG')
    .default('.securemail/securemail.yaml');

/** What every command about an organisation is told. */
export interface Common {
  config: string;
  tenant?: string;
  json: boolean;
}

/** What every change is told, for the history. */
export interface Written {
  by: string;
  reason: string;
}

export interface Out {
  /** What was asked for. */
  print: (text: string) => void;
  /** How it goes meanwhile. */
  say: (text: string) => void;
}

export interface OutOrNo extends Out {
  /** Ends with an exit code that says no. */
  fail: () => void;
}
