import { defineEntity, p } from '@mikro-orm/core';
import type { WorkingHours } from '../domain/working-hours.js';

export const ScheduleSchema = defineEntity({
  name: 'Schedule',
  tableName: 'schedule',
  properties: {
    practitionerId: p.uuid().primary(),
    version: p.integer(),
    hours: p.json<WorkingHours[]>(),
  },
});
