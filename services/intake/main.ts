// SPDX-License-Identifier: Apache-2.0
import '@securemail/config/node-version';
import { runService } from '@securemail/service';
import { startIntake } from './service.ts';
import { Settings } from './settings.ts';

await runService('intake', Settings, startIntake);
