import { describe, expect, it } from 'vitest';
import { accessProblems, readCommitted } from './access.ts';
import { servicesWithControllers } from './workspaces.ts';

type Document = ReturnType<typeof readCommitted>;

/** What is said of the services once something is other than it is committed in one of them. */
async function saidOf(service: string, change: (document: Document) => void): Promise<string[]> {
  return accessProblems((each) => {
    const document = readCommitted(each);
    if (each === service) change(document);
    return document;
  });
}

type Operation = { 'x-access'?: object };
const operationOf = ({ paths }: Document, path: string, method: string) => paths?.[path]?.[method] as Operation;

describe('the check of the access table', () => {
  it('finds nothing in what is committed', async () => {
    expect(await accessProblems()).toEqual([]);
  });

  it.each(servicesWithControllers())('fails for any operation of %s that does not say what it is', async (service) => {
    const { paths = {} } = readCommitted(service);
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { security = [] }] of Object.entries(methods)) {
        const said = await saidOf(service, (document) => {
          operationOf(document, path, method)['x-access'] = undefined;
        });
        const isForKnown = security.some((scheme) => 'bearer' in scheme);
        const silent = `services/${service}/openapi.json: ${method.toUpperCase()} ${path}: does not say in x-access what it is in the access table`;
        expect(said).toEqual(isForKnown ? [silent] : []);
      }
    }
  });

  it('fails for what the table does not know', async () => {
    const path = '/api/records/{patientId}/notes';
    const said = await saidOf('record', (document) => {
      operationOf(document, path, 'post')['x-access'] = { resource: 'note', action: 'shred', channel: 'rest' };
    });
    expect(said).toEqual([
      `services/record/openapi.json: POST ${path}: the access table does not know: note shred rest`,
    ]);
  });

  it.each([
    ['record', 'NoteResponse', 'note'],
    ['patient', 'PatientResponse', 'patient'],
    ['appointment', 'AppointmentResponse', 'appointment'],
    ['practitioner', 'PractitionerResponse', 'practitioner'],
    ['auth', 'UserResponse', 'user'],
  ])('fails for a property of %s that the table does not know', async (service, form, resource) => {
    const said = await saidOf(service, ({ components }) => {
      const schema = components?.schemas?.[form];
      if (!schema) throw new Error(`no ${form}`);
      schema.properties = { ...schema.properties, shoeSize: { type: 'string' } };
    });
    expect(said).toContainEqual(expect.stringMatching(`knows no property shoeSize of ${resource}$`));
  });
});
