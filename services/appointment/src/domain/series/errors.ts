import type { Principal } from '@cabinet/kit/access/principal';
import { Conflict, NotFound } from '@cabinet/kit/errors';
import { messageOf } from '../availability/refusals.js';
import { type Audience, neighbourNamedTo } from '../capacity.js';
import { errorCodes } from '../error-codes.js';
import type { Impossible } from './judge-series.js';

/** Nothing was booked or moved; carries each occurrence that is not possible, with all that is in its way. */
export class SeriesNotPossible extends Conflict {
  constructor(impossible: Impossible[], possibleCount: number, audience: Audience, actor: Principal) {
    super('SERIES.NOT_POSSIBLE', errorCodes['SERIES.NOT_POSSIBLE'].title, {
      detail: `${impossible.length} of ${impossible.length + possibleCount} are not possible, each named in impossible; nothing was changed.`,
      extensions: { impossible: impossible.map((each) => toImpossibleOccurrence(each, audience, actor)) },
    });
  }
}

/** As far as who asked learns which appointments are in the way. */
export const toImpossibleOccurrence = ({ local, refusals }: Impossible, audience: Audience, actor: Principal) => ({
  local,
  reasons: refusals.map((why) => ({
    code: why.code,
    message: messageOf(why),
    appointmentId: neighbourNamedTo(actor, audience, why),
  })),
});

export class SeriesNotFound extends NotFound {
  constructor() {
    super('SERIES.NOT_FOUND', errorCodes['SERIES.NOT_FOUND'].title);
  }
}

export class NotOfASeries extends Conflict {
  constructor() {
    super('APPOINTMENT.NOT_OF_A_SERIES', errorCodes['APPOINTMENT.NOT_OF_A_SERIES'].title);
  }
}
