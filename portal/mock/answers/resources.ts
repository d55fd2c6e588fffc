import type { appointmentApi } from '@cabinet/contracts';
import { type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, practitioners } from '../people.ts';

type Resource = appointmentApi.components['schemas']['ResourceResponse'];

const resources = new Map<string, Resource>(
  [
    { name: 'Salle 2', kind: 'room' as const, placeId: practitioners[0]?.places[0]?.id },
    { name: 'Échographe', kind: 'device' as const },
  ].map((each) => {
    const id = idOf(`resource ${each.name}`);
    return [id, { ...each, id, version: 1, active: true }];
  }),
);

/** Rooms and devices that visits take. */
export const resourceAnswers: Handler[] = [
  on('get', '/api/resources', () => ({
    body: { items: [...resources.values()].sort((one, other) => one.name.localeCompare(other.name)) },
  })),
  on('post', '/api/resources', ({ body }) => {
    const id = idOf(`resource ${body.name} ${Date.now()}`);
    const added = { ...body, id, version: 1, active: true };
    resources.set(id, added);
    return { status: 201, body: added };
  }),
  on('put', '/api/resources/{id}', ({ path, body, version }) => {
    const before = resources.get(path.id as string);
    if (!before) throw notFound('RESOURCE.NOT_FOUND');
    if (version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    const next = { ...body, id: before.id, version: before.version + 1 };
    resources.set(next.id, next);
    return { body: next };
  }),
];
