// SPDX-License-Identifier: Apache-2.0
import { config } from 'zod';

// The policy of the pages lets nothing be made code of, and browsers write down that it was tried: before any schema is made.
config({ jitless: true });
