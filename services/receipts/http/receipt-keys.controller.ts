// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { ReceiptSigner } from '../adapters/receipt-signer.ts';
import { RECEIPT_SIGNER } from '../settings.ts';

/** For anybody: whoever is shown a receipt is to be able to verify it. */
@Controller('v1/receipts/keys')
export class ReceiptKeysController {
  constructor(@Inject(RECEIPT_SIGNER) private readonly signer: ReceiptSigner) {}

  @Get()
  @Header('Cache-Control', 'public, max-age=300')
  keys(): ReceiptSigner['keys'] {
    return this.signer.keys;
  }
}
