import { id, patientDataErased, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

const someThing = z.object({ someThingId: id, version, patientId: id });

export const facts = {
  'some-thing.recorded': someThing,
  'some-thing.updated': someThing,
  'some-thing.patient-data-erased': patientDataErased,
} as const;
