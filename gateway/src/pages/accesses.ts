import { identifyCaller, requireRole } from '@cabinet/kit/access/authenticate';
import { tidyAddress } from '@cabinet/kit/http/body';
import { isId } from '@cabinet/kit/ids';
import type { Express, Request } from 'express';
import { type Access, inWords } from './access-words.js';
import { askService } from './ask-services.js';
import { latestFirst } from './latest-first.js';
import type { PageParts } from './page-parts.js';

const path = '/api/patients/:id/accesses';
const ofAccesses = /^\/api\/patients\/([\w-]+)\/accesses$/;
export const isOfAccesses = (asked: string): boolean => isId(ofAccesses.exec(asked)?.[1] ?? '');

const nameMsMax = 2_000;

/**
 * `GET /api/patients/{id}/accesses`, for the patient and who acts for them: who saw or changed what of them, in which role, for whom and why, in
 * the words of `Accept-Language` (English or French), of all services, latest first. Each service asks the access table.
 */
export function serveAccesses(app: Express, parts: PageParts): void {
  app.get(path, identifyCaller(parts.verifier), tidyAddress, async (req, res) => {
    const caller = requireRole(req, ['patient']);
    const id = String(req.params.id).toLowerCase();
    const query = req.query as Record<string, string>;
    const page = await latestFirst<Access>(parts, req, { path: `/system/accesses/${id}`, query });
    const language = req.acceptsLanguages('en', 'fr') === 'fr' ? 'fr' : 'en';
    const named = page.items.flatMap(({ practitionerId, onBehalfOf }) => [practitionerId, onBehalfOf]);
    const names = await namesOf(parts, req, new Set(named.filter((each) => each !== undefined)));
    const isForAnother = caller.actsFor?.some(({ patientId }) => patientId === id);
    const items = page.items.map((item) => inWords(item, { language, names, callerId: caller.id, isForAnother }));
    res
      .set({ 'Cache-Control': 'no-store', 'Content-Language': language })
      .vary('Accept-Language')
      .json({ ...page, items });
  });
}

/** How practitioners are called; those whose names cannot be had now are left out. */
async function namesOf(parts: PageParts, req: Request, ids: Set<string>): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const ask = async (id: string) => {
    const asked = { service: 'practitioner', path: `/api/practitioners/${id}`, msMax: nameMsMax };
    const { status, body } = await askService(parts, req, asked);
    if (status !== 200) return;
    const { givenNames, familyName } = JSON.parse(String(body));
    names.set(id, `${givenNames[0]} ${familyName}`);
  };
  const failed = (error: unknown) => parts.log.warn({ err: error }, 'a practitioner is listed without name');
  await Promise.all([...ids].map((id) => ask(id).catch(failed)));
  return names;
}
