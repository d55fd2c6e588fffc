import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf } from '../people.ts';
import { keepWaiting, settle, type WaitingDetails, waitingList } from '../waiting-list.ts';

const found = ({ path }: Asked<unknown>): WaitingDetails => {
  const waiting = waitingList.get(path.id as string);
  if (!waiting) throw notFound('WAITING.NOT_FOUND');
  return waiting;
};

const tagged = (body: WaitingDetails, status: 200 | 201 = 200) => ({
  status,
  headers: { ETag: `"v${body.version}"` },
  body,
});

/** @throws Refused (412) for a version that is no longer the newest */
function change(asked: Asked<unknown>, next: (before: WaitingDetails) => Partial<WaitingDetails>) {
  const before = found(asked);
  if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
  return tagged(keepWaiting({ ...before, ...next(before), version: before.version + 1 }));
}

/** @throws Refused (409) when nothing is offered */
function answer(asked: Asked<unknown>, status: 'accepted' | 'refused') {
  return change(asked, (before) => {
    if (!before.offers.some((each) => each.status === 'open'))
      throw new Refused(409, 'WAITING.OFFER_ENDED', 'There is no offer, or no longer');
    settle(before, status === 'accepted' ? 'booked' : 'cancelled');
    return {
      status: status === 'accepted' ? 'booked' : 'waitlist',
      offers: before.offers.map((each) => (each.status === 'open' ? { ...each, status } : each)),
    };
  });
}

const isOn = ({ status }: WaitingDetails) => status === 'waitlist' || status === 'proposed';

export const waitingAnswers: Handler[] = [
  on('get', '/api/waiting-list', ({ who, query }) => {
    const [practitionerId, status] = [query.get('practitionerId'), query.get('status')];
    const patientId = query.get('patientId') ?? (who.roles.includes('secretary') ? undefined : who.patientId);
    const items = [...waitingList.values()]
      .filter((each) => !patientId || each.patientId === patientId)
      .filter(({ wants }) => !practitionerId || wants.some((want) => want.practitionerId === practitionerId))
      .filter((each) => !status || each.status === status);
    return { body: { items: items.map(({ offers: _, ...each }) => each) } };
  }),
  on('post', '/api/waiting-list', ({ body, who }) => {
    const mine = [...waitingList.values()].filter((each) => each.patientId === body.patientId && isOn(each));
    const isWanted = ({ wants }: WaitingDetails) =>
      wants.some((one) => body.wants.some((other) => other.practitionerId === one.practitionerId));
    if (mine.some(isWanted)) throw new Refused(409, 'WAITING.ALREADY', 'The patient waits for this already');
    const { times = [], noticeMinutes = 120, priority = 'routine' } = body;
    const createdAt = new Date().toISOString();
    const id = idOf(`${who.id} ${createdAt}`);
    const usual = { id, version: 1, status: 'waitlist', lapses: 0, createdAt, offers: [] } as const;
    return tagged(keepWaiting({ ...body, ...usual, offers: [], times, noticeMinutes, priority }), 201);
  }),
  on('get', '/api/waiting-list/{id}', (asked) => tagged(found(asked))),
  on('post', '/api/waiting-list/{id}/accept', (asked) => answer(asked, 'accepted')),
  on('post', '/api/waiting-list/{id}/refuse', (asked) => answer(asked, 'refused')),
  on('post', '/api/waiting-list/{id}/withdraw', (asked) =>
    change(asked, (before) => {
      settle(before, 'cancelled');
      const offers = before.offers.map((each) =>
        each.status === 'open' ? ({ ...each, status: 'refused' } as const) : each,
      );
      return { status: 'cancelled', ended: 'withdrawn', offers };
    }),
  ),
];
