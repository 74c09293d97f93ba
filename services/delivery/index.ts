// SPDX-License-Identifier: Apache-2.0
export { startDelivery } from './service.ts';
export { DeliverySettings } from './settings.ts';
