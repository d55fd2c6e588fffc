export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

interface Words {
  name: string;
  title: string;
  about: string;
  nothing: string;
  yes: string;
  no: string;
  asOf(at: string): string;
}

export const words: Record<Language, Words> = {
  en: {
    name: 'English',
    title: 'All that the practice keeps of you',
    about:
      'Each part is also there as a file for other programs (JSON). People who treat you are named by their number in the practice. Who has seen your data is listed in your account.',
    nothing: 'Nothing.',
    yes: 'yes',
    no: 'no',
    asOf: (at) => `As of ${at} UTC.`,
  },
  fr: {
    name: 'Français',
    title: 'Tout ce que le cabinet conserve à votre sujet',
    about:
      'Chaque partie se trouve aussi dans un fichier pour d’autres logiciels (JSON). Ceux qui vous soignent y figurent par leur numéro dans le cabinet. La liste des accès à vos données se trouve dans votre compte.',
    nothing: 'Rien.',
    yes: 'oui',
    no: 'non',
    asOf: (at) => `État au ${at} UTC.`,
  },
};

/** Names of sections and properties, in English and French; one that is not here stands as it is. */
const labels: Record<string, [en: string, fr: string]> = {
  accounts: ['Your account', 'Votre compte'],
  active: ['In use', 'En service'],
  address: ['Address', 'Adresse'],
  allergies: ['Allergies', 'Allergies'],
  allergyState: ['What is known of allergies', 'Ce que l’on sait des allergies'],
  amendmentReason: ['Why it was amended', 'Motif de la rectification'],
  appointments: ['Appointments', 'Rendez-vous'],
  appointmentId: ['Number of the appointment', 'Numéro du rendez-vous'],
  appointmentTypeId: ['Kind of visit', 'Type de rendez-vous'],
  at: ['On', 'Le'],
  author: ['Written by', 'Auteur'],
  birthDate: ['Date of birth', 'Date de naissance'],
  birthName: ['Name at birth', 'Nom de naissance'],
  by: ['By', 'Par'],
  cancellation: ['Cancellation', 'Annulation'],
  category: ['Category', 'Catégorie'],
  city: ['Town', 'Ville'],
  class: ['Kind', 'Nature'],
  clinicalStatus: ['Clinical state', 'Statut clinique'],
  code: ['What it is', 'De quoi il s’agit'],
  conditions: ['Health problems', 'Problèmes de santé'],
  contacts: ['People to turn to', 'Personnes à contacter'],
  corrections: ['Corrections', 'Corrections'],
  country: ['Country', 'Pays'],
  createdAt: ['Since', 'Depuis'],
  criticality: ['Criticality', 'Gravité possible'],
  details: ['Who you are', 'Votre identité'],
  device: ['Device', 'Appareil'],
  email: ['E-mail', 'Adresse électronique'],
  emergencyAccesses: ['Accesses in an emergency', 'Accès en urgence'],
  encounters: ['Visits in the medical record', 'Consultations dans le dossier médical'],
  end: ['End', 'Fin'],
  ends: ['Ends earlier', 'Prend fin plus tôt'],
  endsAt: ['Ends on', 'Se termine le'],
  familyName: ['Family name', 'Nom de famille'],
  fromDate: ['From', 'À partir du'],
  gender: ['Gender', 'Sexe'],
  givenAt: ['Given on', 'Donné le'],
  givenBy: ['Given by', 'Donné par'],
  givenNames: ['Given names', 'Prénoms'],
  grants: ['Whom you let into your record', 'À qui vous avez ouvert votre dossier'],
  id: ['Number', 'Numéro'],
  identifiers: ['Identifiers', 'Identifiants'],
  lastUsedAt: ['Last used on', 'Dernière utilisation le'],
  lastVisit: ['Last visit', 'Dernière visite'],
  line: ['Street', 'Rue'],
  mode: ['How', 'Modalité'],
  name: ['Name', 'Nom'],
  nextVisit: ['Next visit', 'Prochaine visite'],
  note: ['Note', 'Note'],
  notes: ['Notes', 'Notes'],
  onset: ['Began', 'Début'],
  opened: ['Opened by you', 'Ouvert par vous'],
  passkeys: ['Passkeys', 'Clés d’accès'],
  patientId: ['Your number in the practice', 'Votre numéro dans le cabinet'],
  period: ['When', 'Quand'],
  placeId: ['Place', 'Lieu'],
  postalCode: ['Postal code', 'Code postal'],
  practitionerId: ['Practitioner', 'Professionnel de santé'],
  reactions: ['Reactions', 'Réactions'],
  reason: ['Reason', 'Motif'],
  reasonCode: ['Reason', 'Motif'],
  relatedPersons: ['Who acts for you', 'Qui agit pour vous'],
  relationship: ['Relationship', 'Lien'],
  removedAt: ['Until', 'Jusqu’au'],
  role: ['Role', 'Rôle'],
  roles: ['Roles', 'Rôles'],
  section: ['Part', 'Partie'],
  sections: ['In what', 'Pour quoi'],
  sessions: ['Where you signed in', 'Vos connexions'],
  securityLabels: ['How the practice has marked you', 'Marques du cabinet'],
  setAt: ['Since', 'Depuis'],
  severity: ['Severity', 'Sévérité'],
  since: ['Since', 'Depuis'],
  start: ['Start', 'Début'],
  state: ['State', 'État'],
  status: ['State', 'Statut'],
  system: ['Kind', 'Nature'],
  telecom: ['How to reach you', 'Vos coordonnées'],
  text: ['Text', 'Texte'],
  type: ['Kind', 'Type'],
  until: ['Until', 'Jusqu’au'],
  untilDate: ['Until', 'Jusqu’au'],
  updatedAt: ['Changed on', 'Modifié le'],
  use: ['Use', 'Usage'],
  value: ['Value', 'Valeur'],
  verdict: ['What a reviewer found', 'Avis de la personne qui a vérifié'],
  verificationStatus: ['Certainty', 'Certitude'],
  version: ['Version', 'Version'],
  waitingList: ['Waiting list', 'Liste d’attente'],
  wants: ['Waits for', 'En attente de'],
  withdrawnAt: ['Taken back on', 'Retiré le'],
  words: ['In words', 'En toutes lettres'],
  zone: ['Time zone', 'Fuseau horaire'],
};

export function labelOf(name: string, language: Language): string {
  const label = labels[name];
  return label ? label[language === 'en' ? 0 : 1] : name;
}
