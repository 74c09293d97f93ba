// SPDX-License-Identifier: Apache-2.0
import type { Platform, ServiceParts } from '@securemail/service';
import { openLedgerSigner } from './adapters/ledger-signer.ts';
import { AuditController } from './http/audit.controller.ts';
import { LedgerController } from './http/ledger.controller.ts';
import { startNotary } from './notary.ts';
import { openProver, type Prover } from './prover.ts';
import { startRecorder } from './recorder.ts';
import type { LedgerSettings } from './settings.ts';
import { LEDGER_SIGNER, PROVER } from './tokens.ts';
import { startVerifying } from './verifying.ts';

type Parts = Required<Pick<ServiceParts, 'controllers' | 'providers' | 'owned' | 'workers'>> & {
  prover: Prover;
};

/** Records every event, and proves it where there is a key to sign with. */
export function openLedger(platform: Platform, settings: LedgerSettings | undefined): Parts {
  const signer = settings === undefined ? null : openLedgerSigner(settings);
  if (settings === undefined)
    platform.logger.warn('the ledger is kept, but nobody signs it: set receipts.ledger');
  const prover = openProver(platform, signer);
  return {
    controllers: [LedgerController, AuditController],
    prover,
    providers: [
      { provide: LEDGER_SIGNER, useValue: signer },
      { provide: PROVER, useValue: prover },
    ],
    owned:
      signer === null || settings === undefined
        ? []
        : [startNotary(platform, signer, settings.checkpointSeconds)],
    workers: [
      () => startRecorder(platform),
      () => Promise.resolve(startVerifying(platform, signer, settings?.verifyEveryMinutes ?? 60)),
    ],
  };
}
