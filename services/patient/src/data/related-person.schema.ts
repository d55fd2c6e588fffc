import type { Section } from '@cabinet/kit/access/principal';
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ProofDocument, RelatedPerson } from '../domain/related-person.js';

export const RelatedPersonSchema = defineEntity({
  name: 'RelatedPerson',
  tableName: 'related_person',
  properties: {
    id: p.uuid().primary(),
    version: p.integer(),
    patientId: p.uuid(),
    relatedPatientId: p.uuid(),
    relationship: p.text().$type<RelatedPerson['relationship']>(),
    sections: p.array<Section>(),
    opened: p.array<Section>(),
    ends: p.json<{ section: Section; at: string }[]>(),
    agesSetting: p.text().nullable(),
    proofDocument: p.text().$type<ProofDocument>().nullable(),
    proofSeenBy: p.text().nullable(),
    proofSeenAt: p.datetime().columnType('timestamptz').nullable(),
    givenBy: p.text().$type<RelatedPerson['givenBy']>(),
    from: p.datetime().columnType('timestamptz').fieldName('from_at'),
    until: p.datetime().columnType('timestamptz').fieldName('until_at').nullable(),
    endedAt: p.datetime().columnType('timestamptz').nullable(),
  },
});
export type RelatedPersonRow = InferEntity<typeof RelatedPersonSchema>;

export const toRelatedPerson = (row: RelatedPersonRow): RelatedPerson => ({
  id: row.id,
  version: row.version,
  patientId: row.patientId,
  relatedPatientId: row.relatedPatientId,
  relationship: row.relationship,
  sections: row.sections,
  opened: row.opened,
  ends: row.ends.map(({ section, at }) => ({ section, at: new Date(at) })),
  agesSetting: row.agesSetting ?? undefined,
  proof:
    row.proofDocument && row.proofSeenBy && row.proofSeenAt
      ? { document: row.proofDocument, seenBy: row.proofSeenBy, seenAt: row.proofSeenAt }
      : undefined,
  givenBy: row.givenBy,
  from: row.from,
  until: row.until ?? undefined,
  endedAt: row.endedAt ?? undefined,
});

export const toRelatedRow = ({
  proof,
  sections,
  opened,
  ends,
  agesSetting,
  until,
  endedAt,
  ...rest
}: RelatedPerson): RelatedPersonRow => ({
  ...rest,
  sections: [...sections],
  opened: [...opened],
  ends: ends.map(({ section, at }) => ({ section, at: at.toISOString() })),
  agesSetting: agesSetting ?? null,
  proofDocument: proof?.document ?? null,
  proofSeenBy: proof?.seenBy ?? null,
  proofSeenAt: proof?.seenAt ?? null,
  until: until ?? null,
  endedAt: endedAt ?? null,
});

/** Of patients on either side, what is not over. */
export const currentlyRelated = (patientIds: string[], now: Date) => ({
  $and: [
    { $or: [{ patientId: { $in: patientIds } }, { relatedPatientId: { $in: patientIds } }] },
    { endedAt: null },
    { $or: [{ until: null }, { until: { $gt: now } }] },
  ],
});
