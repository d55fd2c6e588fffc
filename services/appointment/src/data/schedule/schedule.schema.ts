import { defineEntity, p } from '@mikro-orm/core';
import type { TypeRules } from '../../domain/schedule/booking-rules.js';
import type {
  Absence,
  Exception,
  ExtraOpening,
  HolidayCalendar,
  WorkingHours,
} from '../../domain/schedule/schedule.js';

export const ScheduleSchema = defineEntity({
  name: 'Schedule',
  tableName: 'schedule',
  properties: {
    practitionerId: p.uuid().primary(),
    version: p.integer(),
    hours: p.json<WorkingHours[]>(),
    exceptions: p.json<Exception[]>(),
    extraOpenings: p.json<ExtraOpening[]>(),
    absences: p.json<Absence[]>(),
    holidays: p.json<HolidayCalendar[]>(),
    rules: p.json<TypeRules[]>(),
  },
});
