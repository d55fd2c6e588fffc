import type { Told } from './latest-first.js';

/** What one service's trail says of an access to somebody's data. */
export interface Access extends Told {
  actor: string;
  roles: string[];
  practitionerId?: string;
  onBehalfOf?: string;
  purpose?: string;
  /** Method and route: `GET /api/records/:patientId/notes`. */
  action: string;
  outcome: number;
  times?: number;
}

type Language = 'en' | 'fr';

interface Reader {
  language: Language;
  /** How practitioners are called, by id. */
  names: ReadonlyMap<string, string>;
  /** The user who reads it. */
  callerId: string;
  /** True for who acts for the patient. */
  isForAnother?: boolean;
}

/** By role, the first that somebody has: as what they acted. */
const actors = ['service', 'practitioner', 'secretary', 'admin', 'patient'] as const;
type Actor = (typeof actors)[number] | 'self' | 'unknown';
type Deed = 'read' | 'changed';

interface Words {
  actors: Record<Actor, string>;
  /** Of each kind of data, by what its route begins with; the longest counts. */
  kinds: Record<string, string>;
  otherKind: string;
  /** By code of PurposeOfUse. */
  purposes: Record<string, string>;
  onBehalfOf: string;
  /** What was said to the patient, said to who acts for them. */
  ofAnother: readonly [said: string, instead: string][];
  sentence(said: { who: string; isSelf: boolean; deed: Deed; isRefused: boolean; kind: string; why: string }): string;
}

const words: Record<Language, Words> = {
  en: {
    actors: {
      self: 'you',
      service: 'the software of the practice',
      practitioner: 'a health professional',
      secretary: 'a secretary',
      admin: 'an administrator of the practice',
      patient: 'a patient',
      unknown: 'somebody',
    },
    kinds: {
      patients: 'your personal details',
      accesses: 'the list of who saw your data',
      audit: 'the list of who saw your data',
      'patient-data': 'all your data, for a copy',
      records: 'your medical record',
      'records/notes': 'your medical notes',
      'records/allergies': 'your allergies',
      'records/conditions': 'your health problems',
      'records/encounters': 'your visits in the medical record',
      appointments: 'your appointments',
      'waiting-list': 'your place on the waiting list',
      schedules: 'your appointments',
      calendars: 'your appointments',
      auth: 'your account',
    },
    otherKind: 'your data',
    purposes: {
      TREAT: 'to treat you',
      ETREAT: 'in an emergency',
      FAMRQT: 'at the request of your family',
      PATADMIN: 'to organise your care',
      HOPERAT: 'for the work of the practice',
      HSYSADMIN: 'to manage the software',
    },
    onBehalfOf: 'for',
    ofAnother: [
      ['your', 'their'],
      ['treat you', 'treat them'],
    ],
    sentence: ({ who, deed, isRefused, kind, why }) =>
      isRefused
        ? `${who} tried to ${deed === 'read' ? 'see' : 'change'} ${kind}${why}, and was refused.`
        : `${who} ${deed === 'read' ? 'saw' : 'changed'} ${kind}${why}.`,
  },
  fr: {
    actors: {
      self: 'vous',
      service: 'le logiciel du cabinet',
      practitioner: 'un professionnel de santé',
      secretary: 'le secrétariat',
      admin: 'l’administration du cabinet',
      patient: 'un patient',
      unknown: 'quelqu’un',
    },
    kinds: {
      patients: 'vos informations personnelles',
      accesses: 'la liste des accès à vos données',
      audit: 'la liste des accès à vos données',
      'patient-data': 'vos données dans leur ensemble, pour une copie',
      records: 'votre dossier médical',
      'records/notes': 'vos notes médicales',
      'records/allergies': 'vos allergies',
      'records/conditions': 'vos problèmes de santé',
      'records/encounters': 'vos consultations dans le dossier médical',
      appointments: 'vos rendez-vous',
      'waiting-list': 'votre place en liste d’attente',
      schedules: 'vos rendez-vous',
      calendars: 'vos rendez-vous',
      auth: 'votre compte',
    },
    otherKind: 'vos données',
    purposes: {
      TREAT: 'pour vous soigner',
      ETREAT: 'en urgence',
      FAMRQT: 'à la demande de votre famille',
      PATADMIN: 'pour organiser vos soins',
      HOPERAT: 'pour le fonctionnement du cabinet',
      HSYSADMIN: 'pour gérer le logiciel',
    },
    onBehalfOf: 'pour',
    ofAnother: [
      ['votre place', 'sa place'],
      ['votre famille', 'sa famille'],
      ['votre', 'son'],
      ['vos', 'ses'],
      ['pour vous soigner', 'pour des soins'],
    ],
    sentence: ({ who, isSelf, deed, isRefused, kind, why }) => {
      const has = isSelf ? 'avez' : 'a';
      return isRefused
        ? `${who} ${has} voulu ${deed === 'read' ? 'consulter' : 'modifier'} ${kind}${why} : accès refusé.`
        : `${who} ${has} ${deed === 'read' ? 'consulté' : 'modifié'} ${kind}${why}.`;
    },
  },
};

/** What an access was, as codes and as a sentence that the person concerned, or who acts for them, understands. */
export function inWords(access: Access, { language, names, callerId, isForAnother = false }: Reader) {
  const { service, at, times, actor, roles, practitionerId, onBehalfOf, purpose = '', action, outcome } = access;
  const its = words[language];
  const toReader = (text: string) => (isForAnother ? saidOfAnother(text, its.ofAnother) : text);
  const role: Actor = actor === callerId ? 'self' : (actors.find((each) => roles.includes(each)) ?? 'unknown');
  const isSelf = role === 'self';
  const kind = kindOf(action);
  const deed: Deed = isReading(action) ? 'read' : 'changed';
  const isRefused = outcome >= 400;
  const practitionerName = practitionerId && names.get(practitionerId);
  const who = practitionerName && !isSelf ? `${practitionerName} (${its.actors[role]})` : capital(its.actors[role]);
  // Family acts for the reader, which their purpose says; others act for a practitioner.
  const forWhom =
    onBehalfOf && purpose !== 'FAMRQT' ? ` ${its.onBehalfOf} ${names.get(onBehalfOf) ?? its.actors.practitioner}` : '';
  const why = its.purposes[purpose];
  return {
    service,
    at,
    times,
    role,
    practitionerId,
    practitionerName,
    onBehalfOf,
    kind,
    action: deed,
    isRefused,
    isEmergency: purpose === 'ETREAT',
    purpose: purpose || undefined,
    text: its.sentence({
      who: who + forWhom,
      isSelf,
      deed,
      isRefused,
      kind: toReader(its.kinds[kind] ?? its.otherKind),
      why: why && !isSelf ? `, ${toReader(why)}` : '',
    }),
  };
}

function saidOfAnother(text: string, changes: Words['ofAnother']): string {
  const [said = '', instead = ''] = changes.find(([each]) => text.includes(each)) ?? [];
  return text.replace(said, instead);
}

/** `records/notes` of `POST /api/records/:patientId/notes/:id`: what comes after the ids is what was done, or a part of it; of `GET *` nothing is said. */
function kindOf(action: string): string {
  const [, route = ''] = action.split(' ');
  const names = route.split('/').filter((part) => part && !/^(?:api|system|:.*|\*)$/.test(part));
  const kind = names.slice(0, 2).join('/');
  return kind in words.en.kinds ? kind : (names[0] ?? 'other');
}

/** Some of what is sent to be read is too personal for an address. */
export const isReading = (action: string): boolean =>
  /^(?:GET|HEAD) |\/(?:search|matches|status|resolve|preview|discovery)$/.test(action);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
