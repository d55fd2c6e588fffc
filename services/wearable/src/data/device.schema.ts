import { defineEntity, p } from '@mikro-orm/core';

export const DeviceSchema = defineEntity({
  name: 'Device',
  tableName: 'device',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    manufacturer: p.text().nullable(),
    model: p.text().nullable(),
    tokenHash: p.text().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
    seenAt: p.datetime().columnType('timestamptz').nullable(),
  },
});

export const PairingSchema = defineEntity({
  name: 'Pairing',
  tableName: 'pairing',
  properties: {
    id: p.uuid().primary(),
    deviceId: p.uuid(),
    patientId: p.uuid(),
    certainty: p.text(),
    since: p.datetime().columnType('timestamptz'),
    until: p.datetime().columnType('timestamptz').nullable(),
  },
});
