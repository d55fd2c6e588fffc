import { fact } from '@cabinet/contracts';
import type { Happening, Told } from '../domain/ports.js';

/** What the practice hears when something happens to a some thing: ids, nothing personal. */
export const toFact = ({ id, version, patientId }: Told, happening: Happening) =>
  fact(`some-thing.${happening}`, id, { someThingId: id, version, patientId });
