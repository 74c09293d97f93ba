// SPDX-License-Identifier: Apache-2.0
import { verifyContract } from './verify.contract.ts';
import { verifyExport } from './verify.ts';

verifyContract(verifyExport, 1_000);
