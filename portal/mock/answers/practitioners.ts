import { fits } from '../fits.ts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, type Practitioner, practitioners, since } from '../people.ts';

type Sent = Partial<
  Omit<Practitioner, 'specialities' | 'places' | 'appointmentTypes' | 'rpps' | 'telecom'> & {
    rpps: string | null;
    specialities: { code?: string; display?: string }[] | null;
    telecom: Practitioner['telecom'] | null;
    places: (Omit<Practitioner['places'][number], 'id'> & { id?: string })[] | null;
    appointmentTypes: (Omit<Practitioner['appointmentTypes'][number], 'id'> & { id?: string })[] | null;
  }
>;

let ids = 0;
const withId = <T extends { id?: string }>(thing: T) => {
  ids += 1;
  return { ...thing, id: thing.id ?? idOf(`part ${ids} of a practitioner`) };
};

/** What was sent, as it is kept: new parts get ids, and `null` clears. */
function kept({ rpps, specialities, telecom, places, appointmentTypes, ...rest }: Sent): Partial<Practitioner> {
  return {
    ...rest,
    ...(rpps !== undefined && { rpps: rpps ?? undefined }),
    ...(specialities && {
      specialities: specialities.map(({ code, display }) => ({ code, display: display ?? code ?? '' })),
    }),
    ...(telecom && { telecom }),
    ...(places && { places: places.map(withId) }),
    ...(appointmentTypes && { appointmentTypes: appointmentTypes.map(withId) }),
  };
}

const found = ({ path }: Asked<unknown>): Practitioner => {
  const practitioner = practitioners.find(({ id }) => id === path.id);
  if (!practitioner) throw notFound('PRACTITIONER.NOT_FOUND');
  return practitioner;
};

function change(asked: Asked<unknown>, sent: Sent): Practitioner {
  const before = found(asked);
  if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
  assertRppsFits(sent);
  return Object.assign(before, kept(sent), { version: before.version + 1 });
}

function assertRppsFits({ rpps }: Sent): void {
  if (!rpps || /^\d{11}$/.test(rpps)) return;
  const fields = [{ path: 'rpps', code: 'NO_RPPS', message: 'must be 11 digits' }];
  throw new Refused(422, 'REQUEST.INVALID', 'The request breaks a rule', { fields });
}

/** The directory of the practice. */
export const practitionerAnswers: Handler[] = [
  on('get', '/api/practitioners', ({ query }) => {
    const words = query.get('q') ?? query.get('speciality') ?? '';
    const items = practitioners.filter(
      ({ active, familyName, givenNames, specialities }) =>
        active === (query.get('active') !== 'false') &&
        fits(words, familyName, ...givenNames, ...specialities.map(({ display }) => display)),
    );
    return { body: { items } };
  }),
  on('get', '/api/practitioners/{id}', (asked) => ({ body: found(asked) })),
  on('post', '/api/practitioners', ({ body, query }) => {
    assertRppsFits(body);
    const alike = practitioners.filter(({ familyName }) => familyName === body.familyName);
    if (alike.length > 0 && query.get('acceptDuplicate') !== 'true')
      throw new Refused(
        409,
        'PRACTITIONER.POSSIBLE_DUPLICATE',
        'This may be a practitioner who is already registered',
        {
          possibleDuplicates: alike.map(({ id }) => id),
        },
      );
    const practitioner: Practitioner = {
      ...{ id: idOf(`practitioner ${Date.now()}`), version: 1, active: true, createdAt: since, updatedAt: since },
      ...{ familyName: body.familyName, givenNames: body.givenNames },
      ...{ specialities: [], telecom: [], places: [], appointmentTypes: [], warnings: [] },
      ...kept(body),
    };
    practitioners.push(practitioner);
    return { status: 201, body: practitioner };
  }),
  on('patch', '/api/practitioners/{id}', (asked) => ({ body: change(asked, asked.body) })),
  on('delete', '/api/practitioners/{id}', (asked) => ({
    body: change(asked, {
      active: false,
      inactiveReason: (asked.query.get('reason') ?? 'other') as Practitioner['inactiveReason'],
    }),
  })),
];
