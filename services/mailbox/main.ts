// SPDX-License-Identifier: Apache-2.0
import '@securemail/config/node-version';
import { runService } from '@securemail/service';
import { startMailbox } from './service.ts';
import { Settings } from './settings.ts';

await runService('mailbox', Settings, startMailbox);
