import { Conflict } from '@cabinet/kit/errors';
import { errorCodes } from '../error-codes.js';
import type { ChangedFate } from './absence-preview.js';

/** Nothing was changed; carries what is no longer as it was previewed. */
export class AbsenceChanged extends Conflict {
  constructor(changed: ChangedFate[]) {
    super('ABSENCE.CHANGED', errorCodes['ABSENCE.CHANGED'].title, {
      detail: 'Nothing was changed. What differs is in changed; ask for a new preview.',
      extensions: { changed },
    });
  }
}
